// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/packet_batch.hpp>
#include <cstring>

namespace atl {

bool gather(Buffer& packet, std::uint32_t bytes) {
  if (packet.length() >= bytes) return true;
  if (packet.shared() || packet.tailroom() < bytes - packet.length()) return false;
  if (packet_length(packet) < bytes) return false;
  for (const Buffer* rest = packet.next(); rest != nullptr; rest = rest->next()) {
    // What is shared is only read: it could not be shortened.
    if (rest->shared()) return false;
  }
  while (packet.length() < bytes) {
    Packet rest = packet.unlink();
    const std::uint32_t part = std::min(bytes - packet.length(), rest->length());
    if (part > 0) std::memcpy(packet.append(part), rest->data(), part);
    rest->remove_front(part);
    // A device is given no empty buffers.
    while (rest && rest->length() == 0) rest = rest->unlink();
    if (rest) packet.link(std::move(rest));
  }
  return true;
}

}  // namespace atl
