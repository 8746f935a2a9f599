// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/virtio_entropy.hpp>

namespace atl {
namespace {

constinit virtio::Device* device = nullptr;

}  // namespace

virtio::Device* virtio_entropy() { return device; }

Result<void> virtio_entropy_probe(virtio::Device& found);
Result<void> virtio_entropy_probe(virtio::Device& found) {
  device = &found;
  return {};
}

}  // namespace atl
