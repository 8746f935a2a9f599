// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/random_virtio.hpp>
#include <atoll/virtio/queue.hpp>

#include "entropy_device.hpp"

namespace atl {
namespace random_virtio {
namespace {

using Queue = virtio::Queue<virtio::SplitRing>;

// A device, and where it stands among those that were found.
struct Entry {
  Entry(virtio::Device& device, PhysAddr page)
      : entropy(device.name(), to_virtual(page).as<std::byte>(), page.value()) {}

  EntropyDevice<Queue> entropy;
  Entry* next = nullptr;
};
constinit Entry* first = nullptr;

void on_used(void* entry) { static_cast<Entry*>(entry)->entropy.on_used(); }

/// An entry for the device, which has agreed on `features`, with its queue, and with `page` for
/// what it writes.
Result<Entry*> make_entry(virtio::Device& device, std::uint64_t features, PhysAddr page) {
  Entry* const entry = TRY(make_in<Entry>(default_allocator(), device, page));
  auto made = Queue::create(device, 0, 1, features, {on_used, entry});
  if (!made) {
    destroy_in(default_allocator(), *entry);
    return fail(made.error());
  }
  Queue& queue = *std::move(made).value().release();
  static_cast<void>(queue.enable_interrupts());
  entry->entropy.use(queue);
  return entry;
}
Result<Entry*> make_entry(virtio::Device& device, std::uint64_t features) {
  const PhysAddr page = TRY(page_alloc::allocate(PageCount{1}));
  auto made = make_entry(device, features, page);
  if (!made) page_alloc::free(page, PageCount{1});
  return made;
}

}  // namespace

Statistics statistics() {
  Statistics all;
  for (const Entry* entry = first; entry != nullptr; entry = entry->next) {
    ++all.devices;
    all.bytes += entry->entropy.bytes();
    all.counted += entry->entropy.counted();
  }
  return all;
}

}  // namespace random_virtio

Result<void> random_virtio_probe(virtio::Device& device) {
  using namespace random_virtio;
  const std::uint64_t features = TRY(device.negotiate(0, 0));
  const auto made = make_entry(device, features);
  if (!made) {
    device.give_up();
    return fail(made.error());
  }
  device.start();
  Entry& entry = *made.value();
  entry.next = first;
  first = &entry;
  random::add_source(entry.entropy);
  entry.entropy.ask();
  return {};
}

}  // namespace atl
