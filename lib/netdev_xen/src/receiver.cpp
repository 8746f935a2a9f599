// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "receiver.hpp"

#include <algorithm>
#include <cstring>

#include "headers.hpp"

namespace atl::netdev_xen {

Result<void> Receiver::create() {
  TRY(page_.create(backend_));
  ring_ = ReceiveRing{page_.bytes()};
  return {};
}

bool Receiver::take_back() {
  bool all = true;
  for (Lent& lent : lent_) {
    if (lent.buffer == nullptr) continue;
    if (!xen::revoke(lent.ref).ok()) {
      all = false;
      continue;
    }
    Packet{lent.buffer}.reset();
    lent = {};
  }
  packet_.reset();
  last_ = nullptr;
  return page_.take_back() && all;
}

std::size_t Receiver::fill() {
  while (ReceiveRing::kSize - ring_.room() < depth_) {
    if (!add_some()) break;
  }
  return ReceiveRing::kSize - ring_.room();
}

// False where there are no more.
bool Receiver::add_some() {
  std::array<Packet, 16> fresh;
  const std::size_t wanted =
      std::min<std::size_t>(fresh.size(), depth_ - (ReceiveRing::kSize - ring_.room()));
  const std::size_t got = pool_.allocate(std::span{fresh}.first(wanted));
  for (Packet& packet : std::span{fresh}.first(got)) {
    packet->clear(0);
    const auto ref = lend(backend_, packet->device_address(), true);
    if (!ref.ok()) return false;
    put({ref.value(), packet.release()});
  }
  return got == wanted;
}

void Receiver::put(Lent page) {
  const std::uint32_t entry = ring_.next_request();
  lent_[entry] = page;
  netif_rx_request request{};
  request.id = static_cast<std::uint16_t>(entry);
  request.gref = page.ref;
  static_cast<void>(ring_.put(request));
}

Receiver::Arrived Receiver::next() {
  while (fault_.empty()) {
    const std::uint32_t entry = ring_.next_response();
    const auto taken = ring_.take();
    if (!taken.ok()) {
      fault_ = "it has received more than there was room for";
      break;
    }
    if (!taken.value().has_value()) break;
    const netif_rx_response& response = *taken.value();
    if (extras_) {
      netif_extra_info extra;
      static_assert(sizeof extra == sizeof response);
      std::memcpy(&extra, &response, sizeof extra);
      take_extra(extra);
      // Its page was not used for anything.
      put(std::exchange(lent_[entry], {}));
    } else if (!take_piece(entry, response)) {
      break;
    }
    if (extras_ || more_) continue;
    Arrived arrived = finish();
    if (arrived.packet) return arrived;
  }
  return {};
}

bool Receiver::take_piece(std::uint32_t entry, const netif_rx_response& response) {
  Lent& lent = lent_[entry];
  if (response.id != entry) {
    fault_ = "it has filled what it was not given";
    return false;
  }
  const std::uint32_t bytes = response.status > 0 ? static_cast<std::uint32_t>(response.status) : 0;
  if (response.offset + bytes > kPageSize) {
    fault_ = "it has filled more than a page";
    return false;
  }
  Packet part;
  if (standing_) {
    part = copy(lent, response.offset, bytes);
    put(std::exchange(lent, {}));
  } else if (xen::revoke(lent.ref).ok()) {
    part.reset(std::exchange(lent, {}).buffer);
    part->clear(response.offset);
    part->append(bytes);
  } else {
    fault_ = "it goes on using what it has filled";
    return false;
  }
  more_ = (response.flags & NETRXF_more_data) != 0;
  if (pieces_++ == 0) {
    flags_ = response.flags;
    extras_ = (response.flags & NETRXF_extra_info) != 0;
  }
  length_ += bytes;
  sound_ = sound_ && response.status >= 0 && pieces_ <= kMostPieces && length_ <= Netdev::kLongest;
  add_part(std::move(part));
  return true;
}

Packet Receiver::copy(Lent page, std::uint32_t offset, std::uint32_t bytes) {
  Packet made = pool_.allocate();
  if (!made) return made;
  const std::uint32_t headroom = std::min(made->room() - bytes, Buffer::kHeadroom);
  made->clear(headroom);
  std::memcpy(made->append(bytes), page.buffer->data() + offset, bytes);
  return made;
}

void Receiver::add_part(Packet part) {
  starved_ = starved_ || !part;
  // Of what is going to be dropped the first piece stands for all.
  if (!part || (last_ != nullptr && !sound_)) return;
  Buffer* const end = part.get();
  if (last_ == nullptr) {
    packet_ = std::move(part);
  } else {
    last_->link(std::move(part));
  }
  last_ = end;
}

void Receiver::take_extra(const netif_extra_info& extra) {
  extras_ = (extra.flags & XEN_NETIF_EXTRA_FLAG_MORE) != 0;
  // Nothing else was asked for.
  const bool understood = extra.type == XEN_NETIF_EXTRA_TYPE_GSO &&
                          segments_ == XEN_NETIF_GSO_TYPE_NONE &&
                          (extra.u.gso.type == XEN_NETIF_GSO_TYPE_TCPV4 ||
                           extra.u.gso.type == XEN_NETIF_GSO_TYPE_TCPV6);
  sound_ = sound_ && understood;
  if (!understood) return;
  segments_ = extra.u.gso.type;
  segment_bytes_ = extra.u.gso.size;
}

Receiver::Arrived Receiver::finish() {
  if (starved_) {
    ++counts.receive_no_buffer;
    packet_.reset();
  } else {
    describe(*packet_);
  }
  Arrived arrived{std::move(packet_), length_, sound_};
  last_ = nullptr;
  pieces_ = 0;
  length_ = 0;
  segment_bytes_ = 0;
  segments_ = XEN_NETIF_GSO_TYPE_NONE;
  sound_ = true;
  starved_ = false;
  return arrived;
}

void Receiver::describe(Buffer& first) {
  Offload& offload = first.offload;
  offload = {};
  const bool segments = segments_ != XEN_NETIF_GSO_TYPE_NONE;
  if ((flags_ & NETRXF_csum_blank) == 0) {
    // Segments put together have no sum of their own.
    if (segments) sound_ = false;
    // A backend may say so of any packet.
    if ((flags_ & NETRXF_data_validated) != 0 && checksums_) {
      offload.checksum = Offload::Checksum::kChecked;
    }
    return;
  }
  const auto found = find_transport(first.bytes());
  const bool ipv6 = segments_ == XEN_NETIF_GSO_TYPE_TCPV6;
  if (!found || (segments && (!found->tcp || found->ipv6 != ipv6))) {
    sound_ = false;
    return;
  }
  offload.checksum = Offload::Checksum::kPartial;
  offload.checksum_start = found->start;
  offload.checksum_offset = found->checksum_offset;
  if (!segments) return;
  offload.segments = ipv6 ? Offload::Segments::kTcp6 : Offload::Segments::kTcp4;
  offload.segment_bytes = segment_bytes_;
  offload.header_bytes = found->end;
}

}  // namespace atl::netdev_xen
