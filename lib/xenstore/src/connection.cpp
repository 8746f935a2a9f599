// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "connection.hpp"

#include <cstring>

namespace atl::xenstore {

namespace {

using namespace std::string_view_literals;

/// xen/include/public/io/xs_wire.h, xsd_errors.
Errc error_named(std::string_view name) {
  struct Named {
    char name[7];
    std::uint8_t code;
  };
  static constexpr Named kNames[] = {{"EINVAL", 22}, {"EACCES", 13}, {"EEXIST", 17}, {"ENOENT", 2},
                                     {"ENOMEM", 12}, {"ENOSPC", 28}, {"ENOSYS", 38}, {"EBUSY", 16},
                                     {"EAGAIN", 11}, {"E2BIG", 7},   {"EPERM", 1}};
  for (const Named& one : kNames) {
    if (name == one.name) return static_cast<Errc>(one.code);
  }
  return Errc::kInputOutput;
}

// substr() of the standard library can throw, which these cannot.
std::string_view first(std::string_view text, std::size_t count) {
  return {text.data(), count < text.size() ? count : text.size()};
}
std::string_view without_first(std::string_view text, std::size_t count) {
  text.remove_prefix(count);
  return text;
}

/// A watch's token ends with a NUL; a value that is written with the message.
bool value_is_string(Operation operation) {
  return operation == Operation::kWatch || operation == Operation::kUnwatch;
}

}  // namespace

void Connection::Delivery::make() const {
  if (watch != nullptr) return watch->changed_(*watch, path);
  if (request->done != nullptr) request->done(*request);
}

void Connection::Queue::push(Request& request) {
  Request** end = &first;
  while (*end != nullptr) end = &(*end)->next_;
  request.next_ = nullptr;
  *end = &request;
}

Request* Connection::Queue::pop() {
  Request* const front = first;
  if (front != nullptr) first = front->next_;
  return front;
}

bool Connection::Queue::unlink(Request& request) {
  for (Request** at = &first; *at != nullptr; at = &(*at)->next_) {
    if (*at != &request) continue;
    *at = request.next_;
    return true;
  }
  return false;
}

void Connection::open(xen::ByteProducer output, xen::ByteConsumer input) {
  output_ = output;
  input_ = input;
  open_ = true;
}

Result<void> Connection::add(Request& request) {
  if (!is_done(request)) return fail(Errc::kAlready);
  if (!open_) return fail(Errc::kNoDevice);
  if (header_of(request).size > kLargestPayload) return fail(Errc::kTooBig);
  if (++last_number_ == 0) ++last_number_;  // 0 says that a request is done
  request.number_ = last_number_;
  unsent_.push(request);
  return {};
}

bool Connection::remove(Request& request) {
  if (unanswered_.unlink(request)) return true;
  const bool is_first = unsent_.first == &request;
  if (!unsent_.unlink(request)) return false;
  if (is_first && sent_ != 0) {
    // The daemon waits for the rest; it gets that many NULs, and its answer nobody.
    owed_ = sizeof(Header) + header_of(request).size - sent_;
    sent_ = 0;
  }
  return true;
}

void Connection::add(Watch& watch) {
  std::uint32_t number = ++last_token_;
  for (char& digit : watch.token_) {
    digit = static_cast<char>('!' + number % 64);
    number /= 64;
  }
  watch.next_ = watches_;
  watches_ = &watch;
}

void Connection::remove(Watch& watch) {
  for (Watch** at = &watches_; *at != nullptr; at = &(*at)->next_) {
    if (*at != &watch) continue;
    *at = watch.next_;
    return;
  }
}

Connection::Header Connection::header_of(const Request& request) {
  std::size_t size = request.path.size() + 1 + request.value.size();
  if (value_is_string(request.operation)) ++size;
  return {static_cast<std::uint32_t>(request.operation), request.number_, request.transaction,
          static_cast<std::uint32_t>(size)};
}

// Writes what of `text`, which begins `before` bytes into the message, is still to be
// sent; true once all of it is. `before` becomes where the next piece begins.
bool Connection::put(std::string_view text, std::size_t& before, bool& moved) {
  const std::size_t start = before;
  before += text.size();
  if (sent_ >= before) return true;
  const auto written = output_.put(without_first(text, sent_ - start));
  if (!written.ok()) {
    break_off();
    return false;
  }
  if (written.value() != 0) moved = true;
  sent_ += written.value();
  return sent_ == before;
}

void Connection::fill_up(bool& moved) {
  while (open_ && owed_ != 0) {
    const auto written = output_.put(first("\0\0\0\0\0\0\0\0"sv, owed_));
    if (!written.ok()) return break_off();
    if (written.value() == 0) return;
    owed_ -= written.value();
    moved = true;
  }
}

bool Connection::send() {
  bool moved = false;
  fill_up(moved);
  while (open_ && owed_ == 0 && unsent_.first != nullptr) {
    const Request& request = *unsent_.first;
    const Header header = header_of(request);
    std::array<char, sizeof(Header)> bytes;
    std::memcpy(bytes.data(), &header, sizeof header);
    std::size_t before = 0;
    const bool whole = put({bytes.data(), bytes.size()}, before, moved) &&
                       put(request.path, before, moved) && put("\0"sv, before, moved) &&
                       put(request.value, before, moved) &&
                       (!value_is_string(request.operation) || put("\0"sv, before, moved));
    if (!whole) break;
    sent_ = 0;
    unanswered_.push(*unsent_.pop());
  }
  return moved;
}

// A message in header_ and payload_; false where it has not come yet.
bool Connection::read_message(bool& moved) {
  while (open_) {
    std::span<char> room{reinterpret_cast<char*>(&header_), sizeof header_};
    std::size_t at = received_;
    if (received_ >= sizeof header_) {
      if (header_.size > kLargestPayload) {
        break_off();
        return false;
      }
      room = std::span{payload_}.first(header_.size);
      at -= sizeof header_;
      if (at == header_.size) return true;
    }
    const auto got = input_.get(room.subspan(at));
    if (!got.ok()) {
      break_off();
      return false;
    }
    if (got.value() == 0) return false;
    moved = true;
    received_ += got.value();
  }
  return false;
}

Connection::Delivery Connection::receive(bool& moved) {
  while (read_message(moved)) {
    received_ = 0;
    if (const Delivery delivery = deliver()) return delivery;
  }
  if (open_) return {};
  // Whoever still waits hears that it is in vain.
  Request* lost = unanswered_.pop();
  if (lost == nullptr) lost = unsent_.pop();
  if (lost != nullptr) complete(*lost, Errc::kProtocol);
  return {lost, nullptr, {}};
}

Connection::Delivery Connection::deliver() {
  const std::string_view payload{payload_.data(), header_.size};
  if (header_.operation == kWatchEvent) return deliver_event(payload);
  Request* request = unanswered_.first;
  while (request != nullptr && request->number_ != header_.number) request = request->next_;
  if (request == nullptr) return {};  // of one that was taken back
  unanswered_.unlink(*request);
  complete(*request, outcome(*request, payload));
  return {request, nullptr, {}};
}

// What the message says of `request`, whose room for the answer is filled in.
Errc Connection::outcome(Request& request, std::string_view payload) const {
  if (header_.operation == kError) return error_named(first(payload, payload.find('\0')));
  if (header_.operation != static_cast<std::uint32_t>(request.operation)) return Errc::kProtocol;
  const std::size_t fits =
      payload.size() < request.reply.size() ? payload.size() : request.reply.size();
  if (fits != 0) std::memcpy(request.reply.data(), payload.data(), fits);
  request.size_ = payload.size();
  return {};
}

// The payload is a path and a token, a NUL behind each.
Connection::Delivery Connection::deliver_event(std::string_view payload) {
  const std::size_t end = payload.find('\0');
  if (end == payload.npos || payload.back() != '\0') return {};
  const std::string_view token = first(without_first(payload, end + 1), payload.size() - end - 2);
  for (Watch* watch = watches_; watch != nullptr; watch = watch->next_) {
    if (token == watch->token()) return {nullptr, watch, first(payload, end)};
  }
  return {};
}

void Connection::complete(Request& request, Errc error) {
  request.error_ = error;
  request.number_ = 0;
}

void Connection::break_off() { open_ = false; }

}  // namespace atl::xenstore
