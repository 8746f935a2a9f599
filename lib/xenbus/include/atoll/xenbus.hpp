// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <atoll/wait.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xenstore_request.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// Devices whose other half, the backend, is in another domain.
namespace atl::xenbus {

/// How far a device's halves are (xen/include/public/io/xenbus.h).
enum class State : std::uint8_t {
  kUnknown = 0,
  kInitialising = 1,
  kInitWait = 2,     ///< the backend: it waits for what the frontend says
  kInitialised = 3,  ///< the frontend has said it
  kConnected = 4,
  kClosing = 5,
  kClosed = 6,
  kReconfiguring = 7,
  kReconfigured = 8,
};

/// A path of xenstore that is held here.
class Path {
 public:
  static constexpr std::size_t kLongest = 128;

  /// `base`/`name`, or `base` alone. kNameTooLong.
  static Result<Path> make(std::string_view base, std::string_view name = {});
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, kLongest> text_{};
  std::size_t size_ = 0;
};

/// One device: a copy of what names it, to be kept by its driver. Functions that wait
/// give the errors of xenstore::read() and write().
class Device {
 public:
  /// What the toolstack says of the device at `node` ("device/vif/0"). kProtocol where
  /// it says nothing of a backend that makes sense.
  static Result<Device> find(std::string_view node);

  [[nodiscard]] std::string_view node() const { return node_.view(); }
  [[nodiscard]] xen::DomainId backend_domain() const { return backend_domain_; }
  [[nodiscard]] std::string_view backend() const { return backend_.view(); }

  /// A key of this device's own directory.
  Result<std::string_view> read(std::string_view key, std::span<char> into) const;
  Result<void> write(std::string_view key, std::string_view value) const;
  Result<void> write_number(std::string_view key, std::uint64_t value) const;
  /// Removes a key and what is below it; nothing for one that there is not.
  Result<void> remove(std::string_view key) const;
  /// A key of the backend's.
  Result<std::string_view> read_backend(std::string_view key, std::span<char> into) const;
  /// kProtocol where it is no number, or one above `largest`.
  Result<std::uint64_t> read_backend_number(std::string_view key, std::uint64_t largest) const;

  Result<void> set_state(State state) const;
  /// kUnknown where the backend has none; kProtocol where it is none.
  Result<State> backend_state() const;

  /// Waits until the backend is in `wanted`. kNoDevice where it closes instead.
  Result<void> wait_for_backend(State wanted, Deadline deadline) const;

  /// Begins anew: closes what an earlier connection has left open, and waits until the
  /// backend asks for keys (kInitWait). kNoDevice where it is gone.
  Result<void> reopen(Deadline deadline) const;
  /// Ends a connection: afterwards the backend has let go of all that it had mapped, or is
  /// gone. kTimedOut where it does not answer.
  Result<void> close(Deadline deadline) const;

 private:
  Path node_;
  Path backend_;
  xen::DomainId backend_domain_ = 0;
};

/// A number that a backend keeps in its directory, as it is now: for who must not wait.
/// Followed as long as the image lives.
class BackendNumber {
 public:
  /// In interrupt context, one call at a time: whenever get() may say something else.
  using Changed = void (*)(void* context);

  static constexpr std::uint64_t kNone = ~std::uint64_t{0};

  /// kNameTooLong.
  Result<void> follow(const Device& device, std::string_view key, Changed changed, void* context);
  /// kNone where there is none, none yet, or no number. Any context.
  [[nodiscard]] std::uint64_t get() const { return value_; }

 private:
  void look();
  void note();

  struct Watch : xenstore::Watch {
    Watch(std::string_view path, BackendNumber& number);
    BackendNumber& owner;
  };

  Path path_;
  Changed changed_ = nullptr;
  void* context_ = nullptr;
  std::optional<Watch> watch_;
  xenstore::Request request_;
  std::array<char, 24> text_{};
  // Xenstore tells one thing at a time, so that these need no lock.
  bool looking_ = false;
  bool again_ = false;
  std::atomic<std::uint64_t> value_ = kNone;
};

/// `identity` is the kind of device ("vif", "vbd"); `probe` is called for each, in the
/// boot step of this library. An error leaves that device alone.
struct Driver {
  std::string_view identity;
  Result<void> (*probe)(const Device& device);
};

/// In build/<cell>/generated/drivers.cpp.
std::span<const Driver> drivers();

}  // namespace atl::xenbus
