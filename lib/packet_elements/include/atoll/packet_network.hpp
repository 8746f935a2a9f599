// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/buffer_pool.hpp>
#include <atoll/packet_elements.hpp>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

namespace atl {

class InterfacePort;

/// Interfaces and elements, connected as a text says; README.md has the language.
///
///     network->read("file", text)...  network->start()
///     for (;;) if (network->poll() == 0 && network->arm()) <sleep until Hooks::wake>
///
/// Of one thread. Texts live as long as the network.
class PacketNetwork final : public OnHeap<PacketNetwork> {
 public:
  /// A number that `set NAME VALUE` changes.
  struct Setting {
    std::string_view name;
    std::uint64_t value = 0;
    std::uint64_t most = 0;
  };

  /// What it stands on.
  struct Hooks {
    std::span<const packet_elements::Driver> kinds;
    Netdev* (*interface)(std::string_view name) = nullptr;  ///< null for one that is not there
    std::span<Setting> settings;
    /// Called in interrupt context when there may be something to do again; arm().
    void (*wake)() = nullptr;
  };

  /// kNoMemory.
  static Result<Owned<PacketNetwork>> create(const Hooks& hooks) {
    return make<PacketNetwork>(hooks);
  }
  /// For create().
  explicit PacketNetwork(const Hooks& hooks) : hooks_(hooks) {}
  ~PacketNetwork();

  /// Reads `text`, which is called `source` in mistakes. kInvalidArgument: mistake() says what is
  /// wrong; kNoMemory. After an error the network is good for its end only.
  Result<void> read(std::string_view source, std::string_view text);
  [[nodiscard]] const packet_elements::Mistake& mistake() const { return mistake_; }

  struct Sizes {
    std::uint32_t buffers = 0;  ///< of the pool; 0 for three times `depth` for each interface
    std::uint16_t depth = 256;  ///< buffers under way on each side of an interface
    std::size_t batch = 0;      ///< packets that are received at once, at most PacketBatch::kMost,
                                ///< for which 0 stands
  };
  /// Checks that everything leads somewhere, opens the interfaces and starts the elements.
  /// kInvalidArgument, and mistake() says what is wrong; kNoMemory; kNoDevice where no interface
  /// could be opened: one of several that cannot be is logged, and left out.
  Result<void> start(const Sizes& sizes);

  /// Receives a batch from each interface, and has it pushed through: how many packets. An
  /// interface is not received from while one that its packets go to takes none, for a second at
  /// most; then what waits is dropped and counted. Faulty interfaces are restarted.
  std::size_t poll();
  /// Asks for Hooks::wake once there is something. False where there is something already.
  bool arm();
  /// Whether one interface at least is not dead.
  [[nodiscard]] bool works() const;

  /// Takes the counters of all. "received" and "sent" of the interfaces, what was made and what
  /// was dropped add up, but for what waits: received + made = sent + dropped.
  class Report : public Counters {
   public:
    /// Those of another one begin: an interface's or element's name, and of an element that the
    /// configuration gave none its kind's, with the line where it stands; else the line is 0.
    void begin(std::string_view name, unsigned line) { do_begin(name, line); }

   protected:
    constexpr Report() = default;
    ~Report() = default;

   private:
    virtual void do_begin(std::string_view name, unsigned line) = 0;
  };
  void report(Report& into) const;

 private:
  friend class packet_elements::Reader;

  static constexpr std::size_t kMostElements = 64;
  static constexpr std::size_t kMostInterfaces = 8;

  struct Node {
    std::string_view name;    // of its own, else its kind's
    std::string_view source;  // the text that it is from, and where it stands there
    unsigned line = 0;
    unsigned column = 0;
    bool named = false;
    std::uint32_t fed = 0;  // arrows that lead to it
    enum : std::uint8_t { kUnseen, kSeen, kDone } visit = kUnseen;
    std::uint32_t reach = 0;  // interfaces that packets may go to from here, a bit each
    Owned<Element> element;
  };

  /// Null where there are too many.
  Node* add(Node node);
  /// The one with that name of its own; null where there is none.
  Node* find(std::string_view name);
  /// The node of an interface, made where there is none yet; null where there are too many.
  /// kNoMemory.
  Result<Node*> interface(std::string_view name, Netdev& device);
  [[nodiscard]] std::span<Node> nodes() { return {nodes_.data(), node_count_}; }
  [[nodiscard]] std::span<InterfacePort* const> ports() const {
    return {ports_.data(), port_count_};
  }
  Result<void> check(Node& node);
  Result<void> visit(Node& node);
  Result<void> open(const Sizes& sizes);
  template <typename... Arguments>
  Error refuse(const Node& at, FormatString<std::type_identity_t<Arguments>...> pattern,
               const Arguments&... arguments) {
    const std::array<FormatArgument, sizeof...(Arguments)> erased{FormatArgument{arguments}...};
    return refuse_with(at, pattern.view(), erased);
  }
  Error refuse_with(const Node& at, std::string_view pattern,
                    std::span<const FormatArgument> arguments);
  static void on_event(void* network, std::uint16_t queue);
  void look_after_interfaces();

  Hooks hooks_;
  packet_elements::Mistake mistake_;
  std::array<Node, kMostElements> nodes_;
  std::size_t node_count_ = 0;
  std::array<InterfacePort*, kMostInterfaces> ports_{};  // among the nodes
  std::size_t port_count_ = 0;
  Owned<BufferPool> pool_;
  std::atomic<bool> state_changed_ = false;
  std::size_t most_at_once_ = PacketBatch::kMost;
  PacketBatch batch_;
};

}  // namespace atl
