// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/boot_info.hpp>
#include <atoll/vm_test.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/grants.hpp>
#include <atoll/xen/hypercall.hpp>

// Grants of this domain to itself: Xen copies from them, as it does for another one.
namespace {

using namespace atl;

struct alignas(kPageSize) Page {
  std::array<char, kPageSize> bytes;
};
Page source, target;

PhysAddr physical(const Page& page) {
  return boot_info().image.start + (VirtAddr::of(&page) - boot_info().image_base);
}

#define NEEDS_GRANTS() \
  if (xen::grants_left() == 0) VM_SKIP("this domain has no grant table")

// Whom a grant is for is compared by number: this one is found by trying.
Result<xen::DomainId> own_number() {
  const xen::GrantRef ref = TRY(xen::grant(0, physical(source), false));
  TRY(xen::revoke(ref));
  gnttab_query_size asked{};
  for (xen::DomainId number = 0; number < 64; ++number) {
    asked.dom = number;
    const auto done = xen::hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_query_size,
                                     reinterpret_cast<std::uintptr_t>(&asked), 1);
    // Of another domain only the first may ask.
    if (done.ok() && asked.status == GNTST_okay) return number;
  }
  return fail(Errc::kNoEntry);
}

std::int16_t copy_by(xen::DomainId self, xen::GrantRef ref) {
  gnttab_copy copy{};
  copy.source.u.ref = ref;
  copy.source.domid = self;
  copy.dest.u.gmfn = physical(target).value() >> kPageShift;
  copy.dest.domid = DOMID_SELF;
  copy.len = kPageSize;
  copy.flags = GNTCOPY_source_gref;
  (void)xen::hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_copy,
                       reinterpret_cast<std::uintptr_t>(&copy), 1);
  return copy.status;
}

VM_TEST(XenGrants, a_granted_page_can_be_used_until_it_is_taken_back) {
  NEEDS_GRANTS();
  const auto self = own_number();
  VM_ASSERT(self.ok());
  source.bytes.fill('s');
  target.bytes.fill('t');
  auto ref = xen::grant(self.value(), physical(source), false);
  VM_ASSERT(ref.ok());
  VM_EXPECT_EQ(copy_by(self.value(), ref.value()), GNTST_okay);
  VM_EXPECT_EQ(target.bytes[0], 's');
  VM_EXPECT_EQ(target.bytes[kPageSize - 1], 's');
  VM_ASSERT(xen::revoke(ref.value()).ok());
  target.bytes.fill('t');
  VM_EXPECT(copy_by(self.value(), ref.value()) != GNTST_okay);
  VM_EXPECT_EQ(target.bytes[0], 't');
}

VM_TEST(XenGrants, a_grant_for_another_domain_is_not_ours) {
  NEEDS_GRANTS();
  const auto self = own_number();
  VM_ASSERT(self.ok());
  const auto other = static_cast<xen::DomainId>(self.value() + 1);
  auto ref = xen::grant(other, physical(source), false);
  VM_ASSERT(ref.ok());
  VM_EXPECT(copy_by(self.value(), ref.value()) != GNTST_okay);
  VM_EXPECT(xen::revoke(ref.value()).ok());
}

VM_TEST(XenGrants, a_full_table_is_an_error_and_all_comes_back) {
  NEEDS_GRANTS();
  // A bit for each entry of the largest table.
  static std::array<std::uint64_t, 512> given;
  given.fill(0);
  const std::size_t before = xen::grants_left();
  std::size_t count = 0;
  while (true) {
    auto ref = xen::grant(0, physical(source), false);
    if (!ref.ok()) {
      VM_EXPECT(ref.error() == Errc::kNoSpace);
      break;
    }
    given[ref.value() / 64] |= std::uint64_t{1} << ref.value() % 64;
    ++count;
  }
  VM_EXPECT_EQ(count, before);
  VM_EXPECT_EQ(xen::grants_left(), 0u);
  for (xen::GrantRef ref = 0; ref < given.size() * 64; ++ref) {
    if ((given[ref / 64] >> ref % 64 & 1) != 0) VM_EXPECT(xen::revoke(ref).ok());
  }
  VM_EXPECT_EQ(xen::grants_left(), before);
}

VM_TEST(XenGrants, mistakes_are_errors) {
  NEEDS_GRANTS();
  VM_EXPECT(xen::grant(0, physical(source) + 1, true).error() == Errc::kInvalidArgument);
  VM_EXPECT(xen::revoke(0).error() == Errc::kInvalidArgument);
  VM_EXPECT(xen::revoke(~0u).error() == Errc::kInvalidArgument);
}

}  // namespace
