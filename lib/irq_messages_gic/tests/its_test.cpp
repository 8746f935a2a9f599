// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/its.hpp"

#include <gtest/gtest.h>

#include <atoll/host/ram.hpp>
#include <map>
#include <utility>

#include "../../irq_lines_ioapic/tests/fake_root.hpp"

namespace {

using namespace atl;
using irq::test::fake_root;

constexpr std::uint64_t kValid = std::uint64_t{1} << 63;

/// A service as the specification has it, which reads its tables and commands out of memory.
struct FakeIts {
  // How it is made.
  std::uint64_t type = 1 | 7 << 4 | 15 << 8 | 15 << 13;  // entries of 8 bytes, 16 bits each
  bool two_levels = true;
  bool snoops = true;
  std::uint64_t page_size = 0;  // the only one: as in GITS_BASER<n>
  bool has_collection_table = true;
  // What goes wrong.
  bool reads = true;
  bool stalls = false;
  bool quiet = true;

  // What it has been told.
  std::uint32_t control = 0;
  std::uint64_t queue = 0, reader = 0;
  std::array<std::uint64_t, 8> tables{};
  std::map<std::uint32_t, std::uint64_t> devices;                           // table of events
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> events;  // line
  std::map<std::uint32_t, unsigned> event_bits;
  std::uint64_t collection = 0;
  std::vector<std::uint32_t> raised;
  unsigned syncs = 0;

  FakeIts() {
    tables[0] = std::uint64_t{1} << 56 | std::uint64_t{7} << 48;
    tables[3] = std::uint64_t{4} << 56 | std::uint64_t{7} << 48;
    tables[5] = std::uint64_t{2} << 56 | std::uint64_t{7} << 48;  // for virtual processors
  }

  static std::uint64_t at(std::uint64_t address) {
    return *to_virtual(PhysAddr{address}).as<std::uint64_t>();
  }

  void write_table(std::size_t index, std::uint64_t value) {
    std::uint64_t& table = tables[index];
    if ((table & kValid) != 0) ADD_FAILURE() << "a table is taken away";
    constexpr std::uint64_t kFixed = std::uint64_t{7} << 56 | std::uint64_t{0x1f} << 48;
    value = (value & ~kFixed) | (table & kFixed);
    if (!two_levels) value &= ~(std::uint64_t{1} << 62);
    if (!snoops) value &= ~(std::uint64_t{3} << 10);
    table = (value & ~std::uint64_t{0x300}) | page_size << 8;
  }

  // Whether the device's entry lies within the table that it was given.
  void check_device(std::uint32_t id) const {
    const std::uint64_t table = tables[0];
    const std::uint64_t page = std::uint64_t{page_size == 2 ? 0x10000u : 0x1000u};
    const std::uint64_t bytes = ((table & 0xff) + 1) * page;
    const std::uint64_t base = table & 0xffff'ffff'f000;
    ASSERT_NE(table & kValid, 0u);
    ASSERT_EQ(base % page, 0u);
    if ((table >> 62 & 1) == 0) {
      EXPECT_LE((id + 1u) * std::uint64_t{8}, bytes);
      return;
    }
    const std::uint64_t index = id / (page / 8);
    ASSERT_LE((index + 1) * 8, bytes);
    const std::uint64_t level = at(base + index * 8);
    ASSERT_NE(level & kValid, 0u) << "no second level for device " << id;
    EXPECT_EQ((level & ~kValid) % page, 0u);
    EXPECT_EQ(at((level & ~kValid) + id % (page / 8) * 8), 0u);
  }

  // A table of events: of memory that was taken for it, empty.
  static void check_events(std::uint64_t mapped) {
    const std::uint64_t table = mapped & ~kValid;
    EXPECT_NE(mapped & kValid, 0u);
    EXPECT_EQ(table % 256, 0u);
    EXPECT_EQ(page_alloc::allocate_at(PhysAddr{table}, PageCount{1}).error(), Errc::kBusy);
    for (std::uint64_t offset = 0; offset < kPageSize; offset += 8)
      EXPECT_EQ(at(table + offset), 0u);
  }

  void run(std::uint64_t command) {
    const std::uint64_t first = at(command), second = at(command + 8), third = at(command + 16);
    const auto id = static_cast<std::uint32_t>(first >> 32);
    const auto event = static_cast<std::uint32_t>(second);
    switch (first & 0xff) {
      case 0x09:
        collection = third;
        return;
      case 0x08:
        check_device(id);
        EXPECT_EQ(devices.count(id), 0u) << "mapped twice";
        check_events(third);
        devices[id] = third;
        event_bits[id] = (second & 0x1f) + 1;
        return;
      case 0x0a:
        ASSERT_EQ(devices.count(id), 1u);
        EXPECT_EQ(event >> event_bits[id], 0u);
        EXPECT_EQ(third & 0xffff, 0u);
        events[{id, event}] = static_cast<std::uint32_t>(second >> 32);
        return;
      case 0x05:
        EXPECT_EQ(third, collection & ~kValid);
        ++syncs;
        return;
      case 0x03:
        ASSERT_EQ(events.count({id, event}), 1u);
        raised.push_back(events[{id, event}]);
        return;
      default:
        ADD_FAILURE() << "no such command: " << (first & 0xff);
    }
  }

  void write_writer(std::uint64_t writer) {
    if ((control & 1) == 0 || !reads) return;
    const std::uint64_t size = ((queue & 0xff) + 1) * 0x1000;
    ASSERT_LT(writer, size);
    while (!stalls && reader != writer) {
      run((queue & 0xffff'ffff'f000) + reader);
      reader = (reader + 32) % size;
    }
    if (stalls) reader |= 1;
  }
};
FakeIts* device;

struct FakeIo {
  template <typename T>
  [[nodiscard]] T read(std::uint64_t offset) const {
    if (offset == 0) return static_cast<T>(device->control | (device->quiet ? 1u << 31 : 0));
    if (offset == 8) return static_cast<T>(device->type);
    if (offset == 0x80) return static_cast<T>(device->queue);
    if (offset == 0x90) return static_cast<T>(device->reader);
    if (offset >= 0x100 && offset < 0x140) return static_cast<T>(device->tables[offset / 8 - 32]);
    ADD_FAILURE() << "read of " << offset;
    return 0;
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    if (offset == 0) {
      device->control = static_cast<std::uint32_t>(value);
    } else if (offset == 0x80) {
      device->queue = device->snoops ? value : value & ~T{3u << 10};
      device->reader = 0;
    } else if (offset == 0x88) {
      device->write_writer(value);
    } else if (offset >= 0x100 && offset < 0x140) {
      device->write_table(offset / 8 - 32, value);
    } else {
      ADD_FAILURE() << "write of " << offset;
    }
  }
};

unsigned openings;
Errc opening_fault;
Result<irq::lpi::Target> open_lpis() {
  ++openings;
  if (opening_fault != Errc{}) return fail(opening_fault);
  return irq::lpi::Target{PhysAddr{0x80a'0000}, 5};
}
void handle(void*) {}

struct ItsTest : testing::Test {
  // What the service was given stays its own, so the memory goes with the test.
  void SetUp() override {
    fake_root.connected.clear();
    fake_root.unmasked.clear();
    fake_root.fault = Errc{};
    openings = 0;
    opening_fault = Errc{};
    device = &fake;
    room = std::aligned_alloc(0x10000, kBytes);
    std::memset(room, 0xa5, kBytes);
    direct_map_base = VirtAddr::of(room) - 0x100'0000;
    ASSERT_TRUE(page_alloc::add_region({PhysAddr{0x100'0000}, kBytes}).ok());
    its.set(FakeIo{}, PhysAddr{0x808'0000});
  }
  void TearDown() override {
    // Hands back what is not free, page by page.
    for (std::uint64_t page = 0; page < kBytes / kPageSize; ++page) {
      const PhysAddr address{0x100'0000 + page * kPageSize};
      if (!page_alloc::allocate_at(address, PageCount{1}).ok()) {
        page_alloc::free(address, PageCount{1});
      } else {
        page_alloc::free(address, PageCount{1});
      }
    }
    EXPECT_TRUE(page_alloc::remove_region({PhysAddr{0x100'0000}, kBytes}).ok());
    std::free(room);
  }

  Result<irq::DeviceMessage> connect(std::uint32_t id) {
    return its.connect(id, handle, nullptr, open_lpis);
  }
  // What writing `message` makes pending.
  std::uint32_t line(std::uint32_t id, const irq::DeviceMessage& message) {
    const auto found = fake.events.find({id, message.data});
    return found == fake.events.end() ? 0 : found->second;
  }

  static constexpr std::uint64_t kBytes = 4 << 20;
  void* room = nullptr;
  FakeIts fake;
  irq::Its<FakeIo> its;
};

TEST_F(ItsTest, a_message_is_an_event_of_its_device) {
  const auto first = connect(0x18), second = connect(0x18), third = connect(0x20);
  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  EXPECT_EQ(first.value().address, PhysAddr{0x809'0040});
  EXPECT_EQ(first.value().data, 0u);
  EXPECT_EQ(second.value().data, 1u);
  EXPECT_EQ(third.value().data, 0u);
  EXPECT_EQ(line(0x18, first.value()), first.value().line);
  EXPECT_EQ(line(0x18, second.value()), second.value().line);
  EXPECT_EQ(line(0x20, third.value()), third.value().line);
  EXPECT_EQ(first.value().line, irq::lpi::kFirst);
  EXPECT_EQ(fake_root.connected.size(), 3u);
  EXPECT_TRUE(fake_root.unmasked.empty());
  EXPECT_EQ(openings, 1u);
  EXPECT_EQ(fake.syncs, 3u);
  EXPECT_EQ(fake.collection, kValid | 5 << 16);
}

TEST_F(ItsTest, a_redistributor_may_be_called_by_its_address) {
  fake.type |= 1 << 19;
  ASSERT_TRUE(connect(1).ok());
  EXPECT_EQ(fake.collection, kValid | 0x80a'0000);
}

TEST_F(ItsTest, a_line_that_was_disconnected_is_its_device_s_again) {
  const auto first = connect(0x18);
  ASSERT_TRUE(connect(0x20).ok());
  irq::root().disconnect(first.value().line);
  const auto other = connect(0x20);
  EXPECT_NE(other.value().line, first.value().line);
  const auto again = connect(0x18);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().line, first.value().line);
  EXPECT_EQ(again.value().data, first.value().data);
}

TEST_F(ItsTest, the_queue_of_commands_begins_anew) {
  const auto message = connect(0x18);
  for (int i = 0; i < 1000; ++i) its.raise(message.value().line);
  EXPECT_EQ(fake.raised, std::vector<std::uint32_t>(1000, message.value().line));
}

TEST_F(ItsTest, devices_anywhere_in_the_table) {
  for (std::uint32_t id : {0u, 511u, 512u, 0x8000u, 0xffffu}) EXPECT_TRUE(connect(id).ok()) << id;
  EXPECT_EQ(connect(0x1'0000).error(), Errc::kNotSupported);
}

TEST_F(ItsTest, a_table_of_one_level) {
  fake.two_levels = false;
  EXPECT_TRUE(connect(0).ok());
  EXPECT_TRUE(connect(0xffff).ok());
}

TEST_F(ItsTest, pages_of_64_kib_of_one_level_and_of_two) {
  fake.page_size = 2;
  EXPECT_TRUE(connect(0xffff).ok());
}

TEST_F(ItsTest, a_table_that_would_be_too_large) {
  fake.two_levels = false;
  fake.type |= 31 << 13;  // 32 bits of devices
  EXPECT_EQ(connect(0).error(), Errc::kNotSupported);
  EXPECT_EQ(fake.control & 1, 0u);
}

TEST_F(ItsTest, all_events_of_a_device_and_all_lines) {
  std::uint32_t connected = 0;
  for (; connect(3).ok(); ++connected) {
  }
  EXPECT_EQ(connected, std::min<std::uint32_t>(config::irq::kMaxHandlers, 512));
  EXPECT_EQ(connect(3).error(), Errc::kNoMemory);
  for (const auto& [event, line] : fake.events) EXPECT_EQ(line, irq::lpi::kFirst + event.second);
}

TEST_F(ItsTest, what_it_cannot_do_is_not_tried) {
  fake.snoops = false;
  EXPECT_EQ(connect(1).error(), Errc::kNotSupported);
  EXPECT_EQ(openings, 0u);
  EXPECT_EQ(connect(1).error(), Errc::kNotSupported);
  EXPECT_TRUE(fake_root.connected.empty());
}

TEST_F(ItsTest, one_of_virtual_interrupts_only) {
  fake.type &= ~std::uint64_t{1};
  EXPECT_EQ(connect(1).error(), Errc::kNotSupported);
}

TEST_F(ItsTest, collections_in_registers_or_in_a_table_or_nowhere) {
  fake.tables[3] = 0;
  EXPECT_EQ(connect(1).error(), Errc::kNotSupported);
  irq::Its<FakeIo> other;
  FakeIts with_registers;
  with_registers.tables[3] = 0;
  with_registers.type |= 1 << 24;
  device = &with_registers;
  other.set(FakeIo{}, PhysAddr{0x808'0000});
  EXPECT_TRUE(other.connect(1, handle, nullptr, open_lpis).ok());
}

TEST_F(ItsTest, a_gic_without_such_lines) {
  opening_fault = Errc::kNotSupported;
  EXPECT_EQ(connect(1).error(), Errc::kNotSupported);
  EXPECT_EQ(connect(1).error(), Errc::kNotSupported);
  EXPECT_EQ(openings, 1u);
  EXPECT_EQ(fake.control & 1, 0u);
}

TEST_F(ItsTest, one_that_does_not_come_to_rest) {
  fake.quiet = false;
  EXPECT_EQ(connect(1).error(), Errc::kTimedOut);
}

TEST_F(ItsTest, one_that_does_not_read_its_commands_gets_no_more) {
  ASSERT_TRUE(connect(1).ok());
  fake.reads = false;
  EXPECT_EQ(connect(2).error(), Errc::kTimedOut);
  EXPECT_EQ(fake_root.connected.size(), 1u);
  fake.reads = true;
  EXPECT_EQ(connect(2).error(), Errc::kTimedOut);
}

TEST_F(ItsTest, one_that_stalls) {
  ASSERT_TRUE(connect(1).ok());
  fake.stalls = true;
  EXPECT_EQ(connect(2).error(), Errc::kProtocol);
  EXPECT_EQ(fake_root.connected.size(), 1u);
}

TEST_F(ItsTest, the_root_s_errors_are_handed_on) {
  fake_root.fault = Errc::kNoMemory;
  EXPECT_EQ(connect(1).error(), Errc::kNoMemory);
  fake_root.fault = Errc{};
  EXPECT_TRUE(connect(1).ok());
}

}  // namespace
