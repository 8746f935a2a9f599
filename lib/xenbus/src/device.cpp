// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/format.hpp>
#include <atoll/parse.hpp>
#include <atoll/wait_queue.hpp>
#include <atoll/xenbus.hpp>
#include <atoll/xenstore.hpp>
#include <cstring>

namespace atl::xenbus {

namespace {

// The longest number and its NUL.
using NumberText = std::array<char, 24>;

Result<std::uint64_t> number_at(std::string_view base, std::string_view key,
                                std::uint64_t largest) {
  const Path path = TRY(Path::make(base, key));
  NumberText room;
  const std::string_view text = TRY(xenstore::read(path.view(), room));
  const auto number = parse_number(text, largest);
  if (!number.ok()) return fail(Errc::kProtocol);
  return number.value();
}

/// Wakes who waits whenever the watched node changes.
struct Waker : xenstore::Watch {
  explicit Waker(std::string_view path) : Watch(path, wake) {}

  static void wake(Watch& watch, std::string_view) {
    auto& self = static_cast<Waker&>(watch);
    WaitQueue::Guard guard{self.queue};
    self.changed = true;
    self.queue.wake_all(guard);
  }
  Result<void> wait(Deadline deadline) {
    WaitQueue::Guard guard{queue};
    while (!changed) TRY(queue.wait(guard, deadline));
    changed = false;
    return {};
  }

  WaitQueue queue;
  bool changed = false;  // under queue
};

enum class Verdict : std::uint8_t { kWait, kDone, kNoDevice };

/// Waits until `judge` has a verdict of the backend's state.
template <typename Judge>
Result<void> wait_until(const Device& device, Deadline deadline, Judge judge) {
  const Path path = TRY(Path::make(device.backend(), "state"));
  Waker waker{path.view()};
  xenstore::set(waker);
  Result<void> outcome{};
  for (;;) {
    const auto state = device.backend_state();
    if (!state.ok()) {
      outcome = fail(state.error());
      break;
    }
    const Verdict verdict = judge(state.value());
    if (verdict == Verdict::kDone) break;
    if (verdict == Verdict::kNoDevice) {
      outcome = fail(Errc::kNoDevice);
      break;
    }
    if (const auto waited = waker.wait(deadline); !waited.ok()) {
      outcome = fail(waited.error());
      break;
    }
  }
  xenstore::unset(waker);
  return outcome;
}

}  // namespace

Result<Path> Path::make(std::string_view base, std::string_view name) {
  Path path;
  TextWriter writer{path.text_};
  writer.text(base);
  if (!name.empty()) writer.character('/').text(name);
  if (writer.truncated()) return fail(Errc::kNameTooLong);
  path.size_ = writer.view().size();
  return path;
}

Result<Device> Device::find(std::string_view node) {
  Device device;
  device.node_ = TRY(Path::make(node));
  constexpr std::uint64_t kLastDomain = 0x7fef;  // xen.h, DOMID_FIRST_RESERVED - 1
  device.backend_domain_ =
      static_cast<xen::DomainId>(TRY(number_at(node, "backend-id", kLastDomain)));
  std::array<char, Path::kLongest> room;
  device.backend_ = TRY(Path::make(TRY(device.read("backend", room))));
  if (device.backend().empty()) return fail(Errc::kProtocol);
  return device;
}

Result<std::string_view> Device::read(std::string_view key, std::span<char> into) const {
  const Path path = TRY(Path::make(node(), key));
  return xenstore::read(path.view(), into);
}

Result<void> Device::write(std::string_view key, std::string_view value) const {
  const Path path = TRY(Path::make(node(), key));
  return xenstore::write(path.view(), value);
}

Result<void> Device::write_number(std::string_view key, std::uint64_t value) const {
  NumberText room;
  return write(key, TextWriter{room}.decimal(value).view());
}

Result<void> Device::remove(std::string_view key) const {
  const Path path = TRY(Path::make(node(), key));
  auto removed = xenstore::remove(path.view());
  return removed.error() == Errc::kNoEntry ? Result<void>{} : removed;
}

Result<std::string_view> Device::read_backend(std::string_view key, std::span<char> into) const {
  const Path path = TRY(Path::make(backend(), key));
  return xenstore::read(path.view(), into);
}

Result<std::uint64_t> Device::read_backend_number(std::string_view key,
                                                  std::uint64_t largest) const {
  return number_at(backend(), key, largest);
}

Result<void> Device::set_state(State state) const {
  return write_number("state", static_cast<std::uint64_t>(state));
}

Result<State> Device::backend_state() const {
  constexpr auto kLast = static_cast<std::uint64_t>(State::kReconfigured);
  const auto number = read_backend_number("state", kLast);
  if (number.ok()) return static_cast<State>(number.value());
  if (number.error() == Errc::kNoEntry) return State::kUnknown;
  return fail(number.error());
}

Result<void> Device::wait_for_backend(State wanted, Deadline deadline) const {
  return wait_until(*this, deadline, [wanted](State state) {
    if (state == wanted) return Verdict::kDone;
    const bool closes = state == State::kClosing || state == State::kClosed;
    return closes ? Verdict::kNoDevice : Verdict::kWait;
  });
}

Result<void> Device::reopen(Deadline deadline) const {
  const State before = TRY(backend_state());
  if (before == State::kInitialised || before == State::kConnected) TRY(close(deadline));
  TRY(set_state(State::kInitialising));
  return wait_until(*this, deadline, [](State state) {
    if (state == State::kInitWait) return Verdict::kDone;
    return state == State::kUnknown ? Verdict::kNoDevice : Verdict::kWait;
  });
}

Result<void> Device::close(Deadline deadline) const {
  TRY(set_state(State::kClosing));
  TRY(wait_until(*this, deadline, [](State state) {
    const bool closes =
        state == State::kClosing || state == State::kClosed || state == State::kUnknown;
    return closes ? Verdict::kDone : Verdict::kWait;
  }));
  TRY(set_state(State::kClosed));
  return wait_until(*this, deadline, [](State state) {
    const bool is_closed = state == State::kClosed || state == State::kUnknown;
    return is_closed ? Verdict::kDone : Verdict::kWait;
  });
}

}  // namespace atl::xenbus
