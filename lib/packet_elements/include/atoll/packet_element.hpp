// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/make.hpp>
#include <atoll/netdev.hpp>
#include <atoll/packet_batch.hpp>
#include <cstdint>
#include <string_view>

namespace atl {

/// Takes an element's counters, one after the other. Their names are a word or a few: "passed",
/// "no room".
class Counters {
 public:
  /// What adds up: packets that went no further here, and packets that were made here.
  enum class Kind : std::uint8_t { kOther, kDropped, kMade };

  void count(std::string_view name, std::uint64_t value) { do_count(Kind::kOther, name, value); }
  /// Packets that were dropped for that reason.
  void dropped(std::string_view reason, std::uint64_t value) {
    do_count(Kind::kDropped, reason, value);
  }
  /// Packets that came from nowhere else.
  void made(std::string_view name, std::uint64_t value) { do_count(Kind::kMade, name, value); }

 protected:
  constexpr Counters() = default;
  ~Counters() = default;

 private:
  virtual void do_count(Kind kind, std::string_view name, std::uint64_t value) = 0;
};

/// One step on a packet's way: it is given batches, changes, keeps, drops and counts packets, and
/// passes batches on. A configuration makes it and connects it: atoll/packet_network.hpp.
///
/// Of one thread. No element is reached again while it handles a batch: a network has no circle.
/// Whatever is dropped is counted.
class Element {
 public:
  /// Inputs, and outputs, that an element has at most.
  static constexpr std::uint16_t kMostPorts = 8;

  /// How many it has. Each output leads to an input of another element.
  struct Shape {
    std::uint16_t inputs = 1;
    std::uint16_t outputs = 1;
  };

  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;
  /// What Owned<Element> does at its end.
  static void destroy(Element& element) { element.do_destroy(); }

  [[nodiscard]] Shape shape() const { return shape_; }

  /// Gives it what came to `input`, which it has. The batch is not empty before, and empty after.
  void push(std::uint16_t input, PacketBatch& batch) { do_push(input, batch); }

  /// Its counters since it was made.
  void report(Counters& into) const { do_report(into); }

  /// Called once, when all are connected and interfaces are open; an error ends the configuration:
  /// kInvalidArgument where it cannot work with what it leads to.
  Result<void> start() { return do_start(); }

  /// Makes `output` lead to `input` of `to`, which outlives this one's use.
  void connect(std::uint16_t output, Element& to, std::uint16_t input) {
    ATOLL_ASSERT(output < shape_.outputs && input < to.shape_.inputs);
    outputs_[output] = {&to, input};
  }
  /// Where it leads; null where it was not connected.
  [[nodiscard]] Element* behind(std::uint16_t output) const { return outputs_[output].element; }

  /// What the interface that this is is like; null for whatever else: no other element overrides
  /// it.
  [[nodiscard]] const Netdev::Info* interface_info() const { return do_interface_info(); }

 protected:
  explicit Element(Shape shape = {1, 1}) : shape_(shape) {
    ATOLL_ASSERT(shape.inputs <= kMostPorts && shape.outputs <= kMostPorts);
  }
  ~Element() = default;

  /// Passes `batch`, which may be empty and is empty afterwards, to where `output` leads.
  void pass(PacketBatch& batch, std::uint16_t output = 0) {
    if (!batch.empty()) outputs_[output].element->push(outputs_[output].input, batch);
  }

 private:
  virtual void do_push(std::uint16_t input, PacketBatch& batch) = 0;
  virtual void do_report(Counters& into) const = 0;
  virtual Result<void> do_start() { return {}; }
  virtual const Netdev::Info* do_interface_info() const { return nullptr; }
  /// destroy_in(default_allocator(), *this), of what Wanted::make() has made.
  virtual void do_destroy() = 0;

  struct Output {
    Element* element = nullptr;
    std::uint16_t input = 0;
  };

  Shape shape_;
  std::array<Output, kMostPorts> outputs_{};
};

}  // namespace atl
