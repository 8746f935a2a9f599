// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sender.hpp"

#include <algorithm>
#include <cstring>

#include "headers.hpp"

namespace atl::netdev_xen {

namespace {

/// Bytes that the first piece of `packet` holds: backends look for headers nowhere else. 0 where
/// a blank checksum does not say all that is to be said of it.
std::size_t headers_of(const Buffer& packet) {
  const Offload& offload = packet.offload;
  if (offload.checksum != Offload::Checksum::kPartial) return Netdev::kHeader;
  std::array<std::byte, kLongestHeaders> beginning;
  std::size_t size = 0;
  for (const Buffer* part = &packet; part != nullptr; part = part->next()) {
    const std::size_t count = std::min<std::size_t>(part->length(), beginning.size() - size);
    if (count > 0) std::memcpy(&beginning[size], part->data(), count);
    size += count;
  }
  const auto found = find_transport(std::span{beginning}.first(size));
  if (!found || found->start != offload.checksum_start ||
      found->checksum_offset != offload.checksum_offset) {
    return 0;
  }
  if (offload.segments == Offload::Segments::kNone) return found->end;
  const bool same_kind =
      found->tcp && found->ipv6 == (offload.segments == Offload::Segments::kTcp6);
  return same_kind ? found->end : 0;
}

/// Entries of the ring that `offload` takes beside the pieces.
std::size_t extras_of(const Offload& offload) {
  return offload.segments != Offload::Segments::kNone ? 1 : 0;
}

netif_tx_request segments_entry(const Offload& offload) {
  netif_extra_info extra{};
  extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
  extra.u.gso.size = offload.segment_bytes;
  extra.u.gso.type = offload.segments == Offload::Segments::kTcp4 ? XEN_NETIF_GSO_TYPE_TCPV4
                                                                  : XEN_NETIF_GSO_TYPE_TCPV6;
  netif_tx_request entry{};
  std::memcpy(&entry, &extra, sizeof extra);
  return entry;
}

}  // namespace

Result<void> Sender::create() {
  TRY(page_.create(backend_));
  ring_ = SendRing{page_.bytes()};
  while (standing_ && spares_ < depth_) {
    Packet page = pool_.allocate();
    if (!page) return fail(Errc::kNoMemory);
    page->clear(0);
    const xen::GrantRef ref = TRY(lend(backend_, page->device_address(), false));
    spare_[spares_++] = {ref, false, page.release()};
  }
  return {};
}

bool Sender::take_back() {
  bool all = true;
  for (std::uint16_t id = 0; id < SendRing::kSize; ++id) {
    const Lent* const lent = lent_.find(id);
    if (lent == nullptr) continue;
    if (!xen::revoke(lent->ref).ok()) {
      all = false;
      continue;
    }
    Packet{lent->packet}.reset();
    static_cast<void>(lent_.take(id));
  }
  // The backend may be using those, too.
  std::size_t kept = 0;
  for (const Lent& spare : std::span{spare_}.first(spares_)) {
    if (xen::revoke(spare.ref).ok()) {
      Packet{spare.packet}.reset();
    } else {
      spare_[kept++] = spare;
    }
  }
  spares_ = kept;
  return page_.take_back() && all && kept == 0;
}

std::uint64_t Sender::packets_under_way() const {
  std::uint64_t count = 0;
  for (std::uint16_t id = 0; id < SendRing::kSize; ++id) {
    const Lent* const lent = lent_.find(id);
    if (lent != nullptr && lent->begins) ++count;
  }
  return count;
}

bool Sender::collect() {
  bool any = false;
  while (fault_.empty()) {
    const auto response = ring_.take();
    if (!response.ok()) {
      fault_ = "it has sent more than there was to send";
    } else if (!response.value().has_value()) {
      break;
    } else {
      any |= complete(*response.value());
    }
  }
  return any;
}

bool Sender::complete(const netif_tx_response& response) {
  if (response.status == NETIF_RSP_NULL) {
    if (extras_ == 0) {
      fault_ = "it answers to nothing";
      return false;
    }
    --extras_;
    return false;
  }
  const Lent* const lent = lent_.find(response.id);
  if (lent == nullptr) {
    fault_ = "it has sent what it was not given";
    return false;
  }
  const bool begins = lent->begins;
  if (standing_) {
    spare_[spares_++] = *lent;
  } else if (!xen::revoke(lent->ref).ok()) {
    fault_ = "it goes on using what it has sent";
    return false;
  } else {
    Packet{lent->packet}.reset();
  }
  static_cast<void>(lent_.take(response.id));
  if (response.status != NETIF_RSP_OKAY && begins) ++counts.send_lost;
  return true;
}

bool Sender::collect_pieces(const Buffer& packet, Pieces& into) {
  for (const Buffer* part = &packet; part != nullptr; part = part->next()) {
    if (part->room() % kPageSize != 0) return false;
    DeviceAddr at = part->device_address();
    for (std::uint64_t left = part->length(); left > 0;) {
      if (into.count == into.room.size()) return false;
      const std::uint64_t bytes = std::min(left, kPageSize - at.value() % kPageSize);
      into.room[into.count++] = {at, static_cast<std::uint16_t>(bytes)};
      at += bytes;
      left -= bytes;
    }
  }
  return true;
}

Packet Sender::copy(const Buffer& packet) {
  Packet first = pool_.allocate();
  Buffer* into = first.get();
  if (into == nullptr) return {};
  into->clear(0);
  for (const Buffer* part = &packet; part != nullptr; part = part->next()) {
    for (auto left = part->bytes(); !left.empty();) {
      if (into->tailroom() == 0) {
        Packet next = pool_.allocate();
        if (!next) return {};
        next->clear(0);
        Buffer* const added = next.get();
        into->link(std::move(next));
        into = added;
      }
      const auto bytes =
          static_cast<std::uint32_t>(std::min<std::size_t>(left.size(), into->tailroom()));
      std::memcpy(into->append(bytes), left.data(), bytes);
      left = left.subspan(bytes);
    }
  }
  first->offload = packet.offload;
  return first;
}

Sender::Outcome Sender::add(Packet& packet, std::uint64_t length) {
  if (length > XEN_NETIF_MAX_TX_SIZE) return Outcome::kMalformed;
  const std::size_t headers = headers_of(*packet);
  if (headers == 0) return Outcome::kMalformed;
  if (standing_) return add_copied(packet, length);
  Pieces pieces;
  if (collect_pieces(*packet, pieces) && pieces.room[0].bytes >= headers)
    return add_pieces(packet, length, pieces);
  // Nothing is copied in vain.
  const std::uint64_t needed = length / kPageSize + 2;
  if (depth_ - under_way() < std::min<std::uint64_t>(needed, depth_)) return Outcome::kNoRoom;
  Packet copied = copy(*packet);
  if (!copied) return Outcome::kNoRoom;
  pieces.count = 0;
  collect_pieces(*copied, pieces);
  const Outcome outcome = add_pieces(copied, length, pieces);
  if (outcome == Outcome::kTaken) packet.reset();
  return outcome;
}

Sender::Outcome Sender::add_pieces(Packet& packet, std::uint64_t length, Pieces& all) {
  const std::span<Piece> pieces = std::span{all.room}.first(all.count);
  const std::size_t entries = pieces.size() + extras_of(packet->offload);
  if (entries > depth_) return Outcome::kMalformed;
  if (under_way() + entries > depth_ || !lend_all(pieces)) return Outcome::kNoRoom;
  // One handle on the packet for each piece.
  std::array<Buffer*, kMostPieces> handles;
  for (std::size_t index = 1; index < pieces.size(); ++index) {
    handles[index] = packet->share().release();
  }
  const Offload offload = packet->offload;
  handles[0] = packet.release();
  put_all(pieces, offload, length, handles);
  return Outcome::kTaken;
}

Sender::Outcome Sender::add_copied(Packet& packet, std::uint64_t length) {
  const auto count = static_cast<std::size_t>(PageCount::holding(length).count);
  const std::size_t entries = count + extras_of(packet->offload);
  if (entries > depth_) return Outcome::kMalformed;
  if (under_way() + entries > depth_) return Outcome::kNoRoom;
  Pieces pieces;
  std::array<Buffer*, kMostPieces> pages;
  const Buffer* from = packet.get();
  std::uint32_t done = 0;  // of `from`
  for (std::uint64_t left = length; left > 0;) {
    const Lent& spare = spare_[--spares_];
    std::byte* const into = spare.packet->data();
    const auto bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kPageSize));
    for (std::uint32_t at = 0; at < bytes;) {
      const std::uint32_t part = std::min(bytes - at, from->length() - done);
      std::memcpy(into + at, from->data() + done, part);
      at += part;
      done += part;
      if (done < from->length()) continue;
      from = from->next();
      done = 0;
    }
    pages[pieces.count] = spare.packet;
    pieces.room[pieces.count++] = {spare.packet->device_address(),
                                   static_cast<std::uint16_t>(bytes), spare.ref};
    left -= bytes;
  }
  put_all(std::span{pieces.room}.first(count), packet->offload, length, pages);
  packet.reset();
  return Outcome::kTaken;
}

void Sender::put_all(std::span<const Piece> pieces, const Offload& offload, std::uint64_t length,
                     std::span<Buffer* const> handles) {
  netif_tx_request request{};
  request.size = static_cast<std::uint16_t>(length);  // the first one's is that of the packet
  if (offload.checksum == Offload::Checksum::kPartial) {
    request.flags = NETTXF_csum_blank | NETTXF_data_validated;
  }
  if (extras_of(offload) > 0) request.flags |= NETTXF_extra_info;
  for (std::size_t index = 0; index < pieces.size(); ++index) {
    const Piece& piece = pieces[index];
    request.gref = piece.ref;
    request.offset = static_cast<std::uint16_t>(piece.address.value() % kPageSize);
    request.id = lent_.add({piece.ref, index == 0, handles[index]}).value();
    if (index > 0) request.size = piece.bytes;
    if (index + 1 < pieces.size()) request.flags |= NETTXF_more_data;
    put(request);
    if ((request.flags & NETTXF_extra_info) != 0) {
      put(segments_entry(offload));
      ++extras_;
    }
    request.flags = 0;
  }
}

bool Sender::lend_all(std::span<Piece> pieces) {
  for (std::size_t index = 0; index < pieces.size(); ++index) {
    const auto ref = lend(backend_, pieces[index].address, false);
    if (ref.ok()) {
      pieces[index].ref = ref.value();
      continue;
    }
    // The backend has not been told of them.
    while (index-- > 0) static_cast<void>(xen::revoke(pieces[index].ref));
    return false;
  }
  return true;
}

}  // namespace atl::netdev_xen
