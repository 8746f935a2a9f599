// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/vm_test.hpp>
#include <atoll/xen/pages.hpp>
#include <atoll/xenstore.hpp>
#include <atomic>
#include <string_view>

// Against the daemon of the domain's toolstack, below data/, where a domain may write.
namespace {

using namespace atl;

#define NEEDS_XENSTORE() \
  if (xen::store_page() == VirtAddr{}) VM_SKIP("this domain was started without a toolstack")

VM_TEST(Xenstore, without_it_every_request_is_an_error) {
  if (xen::store_page() != VirtAddr{}) VM_SKIP("this domain has xenstore");
  std::array<char, 8> room;
  VM_EXPECT(xenstore::read("domid", room).error() == Errc::kNoDevice);
  VM_EXPECT(xenstore::write("data/x", "y").error() == Errc::kNoDevice);
}

VM_TEST(Xenstore, what_is_written_is_read) {
  NEEDS_XENSTORE();
  std::array<char, 32> room;
  VM_ASSERT(xenstore::write("data/test/value", "hello").ok());
  auto value = xenstore::read("data/test/value", room);
  VM_ASSERT(value.ok());
  VM_EXPECT(value.value() == "hello");
  VM_ASSERT(xenstore::remove("data/test").ok());
  VM_EXPECT(xenstore::read("data/test/value", room).error() == Errc::kNoEntry);
}

VM_TEST(Xenstore, nodes_are_listed) {
  NEEDS_XENSTORE();
  std::array<char, 32> room;
  VM_ASSERT(xenstore::make_directory("data/list/b").ok());
  VM_ASSERT(xenstore::write("data/list/a", "").ok());
  auto names = xenstore::list("data/list", room);
  VM_ASSERT(names.ok());
  const std::string_view text = names.value();
  VM_EXPECT(text == std::string_view("a\0b\0", 4) || text == std::string_view("b\0a\0", 4));
  VM_EXPECT(xenstore::list("data/list", std::span{room}.first(3)).error() == Errc::kOverflow);
  VM_EXPECT(xenstore::remove("data/list").ok());
}

VM_TEST(Xenstore, what_is_not_ours_is_refused) {
  NEEDS_XENSTORE();
  VM_EXPECT(xenstore::write("/local/domain/0/atoll", "x").error() == Errc::kAccessDenied);
  VM_EXPECT(xenstore::write("not//a path", "x").error() == Errc::kInvalidArgument);
}

VM_TEST(Xenstore, a_long_value_crosses_the_ring_in_pieces) {
  NEEDS_XENSTORE();
  static std::array<char, 2000> text, back;
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 26);
  VM_ASSERT(xenstore::write("data/long", {text.data(), text.size()}).ok());
  auto value = xenstore::read("data/long", back);
  VM_ASSERT(value.ok());
  VM_EXPECT(value.value() == std::string_view(text.data(), text.size()));
  VM_EXPECT(xenstore::remove("data/long").ok());
}

VM_TEST(Xenstore, a_transaction_is_all_or_nothing) {
  NEEDS_XENSTORE();
  std::array<char, 8> room;
  auto aborted = xenstore::begin();
  VM_ASSERT(aborted.ok());
  VM_EXPECT(xenstore::write("data/t", "1", {aborted.value()}).ok());
  VM_EXPECT(xenstore::end(aborted.value(), false).ok());
  VM_EXPECT(xenstore::read("data/t", room).error() == Errc::kNoEntry);

  auto committed = xenstore::begin();
  VM_ASSERT(committed.ok());
  VM_EXPECT(xenstore::write("data/t", "2", {committed.value()}).ok());
  VM_EXPECT(xenstore::read("data/t", room).error() == Errc::kNoEntry);  // not yet
  VM_EXPECT(xenstore::end(committed.value(), true).ok());
  auto value = xenstore::read("data/t", room);
  VM_EXPECT(value.ok() && value.value() == "2");
  VM_EXPECT(xenstore::remove("data/t").ok());
}

VM_TEST(Xenstore, a_transaction_that_was_overtaken_says_so) {
  NEEDS_XENSTORE();
  std::array<char, 8> room;
  VM_ASSERT(xenstore::write("data/c", "0").ok());
  auto transaction = xenstore::begin();
  VM_ASSERT(transaction.ok());
  VM_EXPECT(xenstore::read("data/c", room, {transaction.value()}).ok());
  VM_EXPECT(xenstore::write("data/c", "outside").ok());
  VM_EXPECT(xenstore::write("data/c", "inside", {transaction.value()}).ok());
  VM_EXPECT(xenstore::end(transaction.value(), true).error() == Errc::kTryAgain);
  VM_EXPECT(xenstore::end(transaction.value(), true).error() == Errc::kNoEntry);
  VM_EXPECT(xenstore::remove("data/c").ok());
}

std::atomic<int> changes{0};

VM_TEST(Xenstore, a_watch_hears_of_changes) {
  NEEDS_XENSTORE();
  static constinit xenstore::Watch watch{"data/watched",
                                         [](xenstore::Watch&, std::string_view) { ++changes; }};
  changes = 0;
  xenstore::set(watch);
  std::array<char, 8> room;
  // Each answer comes behind the events that were due before it.
  (void)xenstore::read("domid", room);
  VM_EXPECT_EQ(changes, 1);
  VM_EXPECT(xenstore::write("data/watched/x", "1").ok());
  VM_EXPECT(xenstore::write("data/other", "1").ok());
  (void)xenstore::read("domid", room);
  VM_EXPECT_EQ(changes, 2);
  VM_EXPECT(xenstore::remove("data/watched").ok());
  VM_EXPECT(xenstore::remove("data/other").ok());
}

}  // namespace
