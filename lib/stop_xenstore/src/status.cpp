// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "status.hpp"

#include <atoll/xenstore_request.hpp>

namespace atl::stop_xenstore {

namespace {

constinit xenstore::Request request;

}  // namespace

void report(std::string_view record) {
  request.operation = xenstore::Operation::kWrite;
  request.path = "data/atoll";
  request.value = record;
  (void)xenstore::submit_last(request);
}

}  // namespace atl::stop_xenstore
