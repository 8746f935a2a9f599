// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/structures.hpp"

#include <gtest/gtest.h>

#include "../../pci_host/tests/fake_config.hpp"

namespace {

using namespace atl;
using pci::test::FakeConfig;
using pci::test::FakeFunction;
using virtio_pci::find_structures;

struct Structures : testing::Test {
  void SetUp() override { ASSERT_TRUE(config.open(0).ok()); }

  FakeConfig config;
  pci::Host host{.config = &config, .last_bus = 255, .has_ports = true};
  FakeFunction& function = config.add(3, FakeFunction::device(0x1af4, 0x1041));
  pci::Device device{host, {.device = 3}};

  /// virtio 1.2 §4.1.4.
  void put(std::uint8_t at, int kind, int bar, std::uint32_t offset, std::uint32_t length,
           int bytes = 16) {
    function.add_capability(at, 9);
    function.put(at + 2u, static_cast<unsigned>(bytes), 1);
    function.put(at + 3u, static_cast<unsigned>(kind), 1);
    function.put(at + 4u, static_cast<unsigned>(bar), 1);
    function.put(at + 8u, offset, 4);
    function.put(at + 12u, length, 4);
  }
  void put_all() {
    put(0x40, 1, 4, 0, 0x1000);
    put(0x50, 3, 4, 0x1000, 0x1000);
    put(0x60, 4, 4, 0x2000, 0x1000);
    put(0x70, 2, 4, 0x3000, 0x1000, 20);
    function.put(0x80, 4, 4);
  }
};

TEST_F(Structures, are_found_where_the_capabilities_say) {
  put_all();
  put(0x90, 5, 0, 0, 0, 20);
  const auto found = find_structures(device);
  ASSERT_TRUE(found.ok());
  const auto& places = found.value();
  EXPECT_EQ(places.common.bar, 4);
  EXPECT_EQ(places.common.length, 0x1000u);
  EXPECT_EQ(places.interrupt.offset, 0x1000u);
  EXPECT_EQ(places.config.offset, 0x2000u);
  EXPECT_EQ(places.notify.offset, 0x3000u);
  EXPECT_EQ(places.notify_multiplier, 4u);
}

TEST_F(Structures, of_each_kind_the_first_that_makes_sense_counts) {
  put(0x40, 1, 6, 0x7000, 0x1000);     // a reserved place
  put(0x50, 1, 1, 0x7000, 0);          // of no length
  put(0x60, 1, 1, 0x7000, 0x1000, 8);  // a capability too short to be one
  put(0x70, 0, 1, 0x7000, 0x1000);     // kinds that there are not
  put(0x80, 0xff, 1, 0x7000, 0x1000);
  put(0x90, 1, 2, 0x100, 56);
  put(0xa0, 1, 3, 0x200, 56);
  put(0xb0, 2, 2, 0, 2, 20);
  put(0xc8, 3, 2, 0, 1);
  const auto found = find_structures(device);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().common.bar, 2);
  EXPECT_EQ(found.value().common.offset, 0x100u);
  EXPECT_EQ(found.value().config.length, 0u);
}

TEST_F(Structures, a_device_without_them_is_a_legacy_one) {
  EXPECT_EQ(find_structures(device).error(), Errc::kNotSupported);
  put(0x40, 1, 4, 0, 0x1000);
  put(0x50, 3, 4, 0x1000, 0x1000);
  EXPECT_EQ(find_structures(device).error(), Errc::kNotSupported) << "nowhere to notify";
}

TEST_F(Structures, too_small_ones_make_no_sense) {
  put(0x40, 1, 4, 0, 55);
  put(0x50, 3, 4, 0x1000, 1);
  put(0x60, 2, 4, 0x3000, 2, 20);
  EXPECT_EQ(find_structures(device).error(), Errc::kBadMessage);
}

TEST_F(Structures, a_notification_of_no_room_makes_no_sense) {
  put(0x40, 1, 4, 0, 56);
  put(0x50, 3, 4, 0x1000, 1);
  put(0x60, 2, 4, 0x3000, 1, 20);
  EXPECT_EQ(find_structures(device).error(), Errc::kBadMessage);
}

TEST_F(Structures, a_capability_that_leads_outside_makes_no_sense) {
  put_all();
  function.add_capability(0xf4, 9);
  EXPECT_EQ(find_structures(device).error(), Errc::kBadMessage);
}

TEST_F(Structures, any_configuration_space_ends) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    pci::test::RandomConfig random{seed};
    ASSERT_TRUE(random.open(0).ok());
    const pci::Host lying{.config = &random, .last_bus = 255, .has_ports = true};
    static_cast<void>(find_structures(pci::Device{lying, {.device = 1}}));
    EXPECT_LT(random.accesses, 100'000u);
  }
}

TEST_F(Structures, the_kind_of_device_is_in_its_identity_or_its_subsystem) {
  EXPECT_EQ(virtio_pci::type_of(device).value(), 1u);
  function.put(pci::registers::kDevice, 0x1000, 2);
  function.put(pci::registers::kSubsystem, 4, 2);
  EXPECT_EQ(virtio_pci::type_of(device).value(), 4u);
  for (const unsigned id : {0x0fffu, 0x1080u, 0xffffu}) {
    function.put(pci::registers::kDevice, id, 2);
    EXPECT_EQ(virtio_pci::type_of(device).error(), Errc::kNotSupported) << id;
  }
}

}  // namespace
