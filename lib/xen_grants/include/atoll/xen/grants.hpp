// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <atoll/xen/hypercall.hpp>
#include <cstddef>
#include <cstdint>

/// Pages that another domain may use (xen/include/public/grant_table.h). Any context,
/// after the boot step of this library.
namespace atl::xen {

/// What names a grant to the other domain.
using GrantRef = std::uint32_t;

/// Lets domain `to` map or copy `page`, which is this domain's RAM; for reading only
/// unless `writable`. kNoSpace when all grants are in use, kInvalidArgument for what
/// is no page, kNoDevice where the domain has no grant table.
Result<GrantRef> grant(DomainId to, PhysAddr page, bool writable);

/// Takes a grant back. kBusy while the other domain has the page mapped: the grant
/// stays, and so must the page. kInvalidArgument for one that was not given.
Result<void> revoke(GrantRef ref);

/// How many more can be given.
std::size_t grants_left();

}  // namespace atl::xen
