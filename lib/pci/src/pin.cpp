// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/assert.hpp>
#include <atoll/irq_lines.hpp>
#include <atoll/log.hpp>
#include <atoll/pci_pin.hpp>

namespace atl::pci {

/// A line and the pins on it. Who adds and takes away is one at a time; on_interrupt()
/// goes through them meanwhile.
class SharedLine {
 public:
  [[nodiscard]] bool in_use() const { return first_.load(std::memory_order_relaxed) != nullptr; }
  [[nodiscard]] bool is(std::uint32_t number) const { return in_use() && number_ == number; }

  Result<void> add(irq::Line line, Pin& pin) {
    Pin* const first = first_.load(std::memory_order_relaxed);
    if (first == nullptr) {
      number_ = line.number;
      unclaimed_ = 0;
      TRY(irq::machine_lines().connect(line.number, line.trigger, on_interrupt, this));
    }
    pin.next_.store(first, std::memory_order_relaxed);
    first_.store(&pin, std::memory_order_release);
    if (first == nullptr) irq::machine_lines().unmask(line.number);
    return {};
  }

  void remove(Pin& pin) {
    std::atomic<Pin*>* link = &first_;
    while (link->load(std::memory_order_relaxed) != &pin)
      link = &link->load(std::memory_order_relaxed)->next_;
    // Who stands on it at this moment goes on from it.
    link->store(pin.next_.load(std::memory_order_relaxed), std::memory_order_release);
    if (!in_use()) irq::machine_lines().disconnect(number_);
  }

 private:
  static void on_interrupt(void* context) { static_cast<SharedLine*>(context)->tell(); }

  void tell() {
    constexpr std::uint16_t kInterrupts = 1u << 3;
    bool claimed = false;
    Pin* pin = first_.load(std::memory_order_acquire);
    for (; pin != nullptr; pin = pin->next_.load(std::memory_order_acquire)) {
      if ((pin->device_->read<std::uint16_t>(registers::kStatus) & kInterrupts) == 0 ||
          (pin->device_->read<std::uint16_t>(registers::kCommand) & kPinDisabled) != 0)
        continue;
      claimed = true;
      pin->handler_(pin->context_);
    }
    // A device that nobody drives, or that denies it, would keep the CPU in here.
    constexpr std::uint32_t kPatience = 1'000;
    unclaimed_ = claimed ? 0 : unclaimed_ + 1;
    if (unclaimed_ != kPatience) return;
    irq::machine_lines().mask(number_);
    log::error("pci", "line {} is masked: no device says that it interrupts", number_);
  }

  std::atomic<Pin*> first_ = nullptr;
  std::uint32_t number_ = 0;
  std::uint32_t unclaimed_ = 0;
};

namespace {

constinit std::array<SharedLine, 8> lines;

SharedLine* line_for(std::uint32_t number) {
  SharedLine* free = nullptr;
  for (SharedLine& line : lines) {
    if (line.is(number)) return &line;
    if (!line.in_use()) free = &line;
  }
  return free;
}

}  // namespace

Result<void> Pin::connect(const Device& device, irq::Handler handler, void* context) {
  if (device_) return fail(Errc::kBusy);
  const auto pin = device.read<std::uint8_t>(registers::kInterruptPin);
  if (pin == 0) return fail(Errc::kNoEntry);
  const irq::Line line = TRY(line_of_pin(device.host(), device.location(), pin));
  SharedLine* const shared = line_for(line.number);
  if (shared == nullptr) return fail(Errc::kNoMemory);
  device.enable(kPinDisabled);
  device_ = device;
  handler_ = handler;
  context_ = context;
  line_ = line.number;
  if (auto added = shared->add(line, *this); !added) {
    device_.reset();
    return added;
  }
  return {};
}

void Pin::disconnect() {
  if (!device_) return;
  mask();
  SharedLine* const shared = line_for(line_);
  ATOLL_ASSERT(shared != nullptr && shared->in_use());
  shared->remove(*this);
  device_.reset();
}

}  // namespace atl::pci
