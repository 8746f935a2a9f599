// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

/// Virtio devices (virtio 1.2), whatever bus they are on: `virtio_mmio`, `virtio_pci`.
namespace atl::virtio {

/// Feature bits that mean the same for every device (§6).
namespace feature {
inline constexpr std::uint64_t kEventIndex = std::uint64_t{1} << 29;
inline constexpr std::uint64_t kVersion1 = std::uint64_t{1} << 32;
inline constexpr std::uint64_t kPackedRing = std::uint64_t{1} << 34;
}  // namespace feature

/// What is called when the device interrupts; in interrupt context.
struct Interrupt {
  irq::Handler handler = nullptr;
  void* context = nullptr;
};

/// Where a virtqueue lies, and of how many descriptors it is (§2.6).
struct QueuePlace {
  std::uint16_t size = 0;
  PhysAddr descriptors;
  PhysAddr driver;
  PhysAddr device;
};

/// One device, as its driver sees it. Its transport owns it and keeps it for as long as the
/// image lives; one driver uses it, from one context at a time but for notify().
///
/// Not from an interrupt handler, except notify(), needs_reset() and read_config().
/// Whoever uses it serialises. What the device says is not trusted: queue sizes are checked
/// here, the rest where it is used.
class Device {
 public:
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  /// Number of the kind of device (§5).
  [[nodiscard]] std::uint32_t type() const { return type_; }
  /// For a log: which one it is ("a003e00.virtio", "0000:00:03.0").
  [[nodiscard]] std::string_view name() const { return name_; }

  /// Begins to use it: resets it, says that there is a driver, and agrees on features
  /// (§3.1.1, steps 1 to 6): VIRTIO_F_VERSION_1, `required`, and what of `wanted` the device
  /// offers. What was agreed on. kNotSupported where it does not offer a required one, or
  /// refuses the set; errors as reset().
  Result<std::uint64_t> negotiate(std::uint64_t required, std::uint64_t wanted);

  /// How many descriptors queue `index` may have. kNoEntry where there is no such queue;
  /// kProtocol for a number that no queue has (§2.6).
  Result<std::uint16_t> largest_queue(std::uint16_t index);
  /// Lets the device use the queue; `interrupt` is called when it has used buffers, or for
  /// no reason. After negotiate(), before start(). kNoEntry; kProtocol where the device has
  /// something there already or does not take it; errors of irq::Domain::connect().
  Result<void> enable_queue(std::uint16_t index, const QueuePlace& place, Interrupt interrupt);
  /// `interrupt` is called when the configuration has changed, or needs_reset().
  /// After negotiate(), before start(). Errors of irq::Domain::connect().
  Result<void> on_change(Interrupt interrupt);
  /// The device works from here on (§3.1.1, step 8).
  void start();

  /// Tells the device that queue `index` has buffers. Any context, any CPU.
  void notify(std::uint16_t index) { do_notify(index); }

  /// Stops the device: it touches no memory of ours after this, has no queues, and interrupts
  /// nobody (§2.4). A handler that runs on another CPU may still finish. kTimedOut where the
  /// device does not stop: its memory must be left to it.
  Result<void> reset();
  /// Says that the driver has given up (§2.1, FAILED).
  void give_up();
  /// The device has met an error, and wants reset() (§2.1.2).
  [[nodiscard]] bool needs_reset() const;

  /// A value of the device's own configuration: what it is at one moment (§2.5.1). For fields
  /// of up to 8 bytes at their natural width. kProtocol where it changes for ever;
  /// kNoEntry where the configuration ends before.
  template <typename T>
  Result<T> read_config(std::uint32_t offset) const {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    TRY(read_config(offset, std::as_writable_bytes(std::span{&value, 1}), sizeof(T)));
    return value;
  }
  /// Bytes of it, in reads of `width` bytes (1, 2, 4, 8): the same moment for all of them.
  Result<void> read_config(std::uint32_t offset, std::span<std::byte> into,
                           std::size_t width) const;

 protected:
  Device(std::uint32_t type, std::string_view name) : type_(type), name_(name) {}
  ~Device() = default;

 private:
  // The transport's part. `word` is 0 for feature bits 0 to 31, 1 for 32 to 63.
  virtual std::uint8_t do_status() const = 0;
  virtual void do_set_status(std::uint8_t status) = 0;
  virtual std::uint32_t do_features(std::uint32_t word) const = 0;
  virtual void do_set_features(std::uint32_t word, std::uint32_t bits) = 0;
  /// 0 where there is no such queue.
  virtual std::uint32_t do_largest_queue(std::uint16_t index) = 0;
  virtual Result<void> do_enable_queue(std::uint16_t index, const QueuePlace& place,
                                       Interrupt interrupt) = 0;
  virtual Result<void> do_on_change(Interrupt interrupt) = 0;
  /// After a reset: forgets all handlers.
  virtual void do_disconnect() = 0;
  virtual void do_notify(std::uint16_t index) = 0;
  virtual std::uint32_t do_config_generation() const = 0;
  virtual Result<void> do_read_config(std::uint32_t offset, std::span<std::byte> into) const = 0;

  void add_status(std::uint8_t bits);

  std::uint32_t type_;
  std::string_view name_;
};

/// `identity` is the device's number in decimal: `DRIVERS virtio "1" netdev_virtio_probe`.
/// `probe` is called for each device of that kind, in the boot step of its transport; it may
/// allocate and map, not wait. An error is logged and leaves the device alone.
struct Driver {
  std::string_view identity;
  Result<void> (*probe)(Device& device);
};

/// In build/<cell>/generated/drivers.cpp.
std::span<const Driver> drivers();

/// Gives `device`, which has been found, to the driver of its kind: for transports, in their
/// boot step. `device` stays.
void attach(Device& device);

}  // namespace atl::virtio
