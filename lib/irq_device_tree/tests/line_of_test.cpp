// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <array>
#include <atoll/irq_device_tree.hpp>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace atl;

/// Writes a flattened tree (Devicetree Specification v0.4, chapter 5).
class Blob {
 public:
  void begin(const std::string& name) {
    word(1);
    text(name);
  }
  void end() { word(2); }
  void cells(const std::string& name, const std::vector<std::uint32_t>& numbers) {
    std::string value;
    for (const std::uint32_t number : numbers) value += big(number);
    property(name, value);
  }
  void property(const std::string& name, const std::string& value) {
    word(3);
    word(static_cast<std::uint32_t>(value.size()));
    word(static_cast<std::uint32_t>(strings_.size()));
    strings_ += name + '\0';
    structure_ += value;
    pad();
  }
  std::vector<std::uint64_t> finish() {
    word(9);
    const auto structure = static_cast<std::uint32_t>(structure_.size());
    const auto strings = static_cast<std::uint32_t>(strings_.size());
    std::string blob;
    for (const std::uint32_t field : {0xd00dfeedu, 56 + structure + strings, 56u, 56 + structure,
                                      40u, 17u, 16u, 0u, strings, structure})
      blob += big(field);
    blob += std::string(16, '\0') + structure_ + strings_;
    std::vector<std::uint64_t> aligned((blob.size() + 7) / 8);
    std::memcpy(aligned.data(), blob.data(), blob.size());
    return aligned;
  }

 private:
  static std::string big(std::uint32_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
    return out;
  }
  void word(std::uint32_t value) { structure_ += big(value); }
  void text(const std::string& value) {
    structure_ += value + '\0';
    pad();
  }
  void pad() {
    while (structure_.size() % 4 != 0) structure_ += '\0';
  }

  std::string structure_, strings_;
};

struct LineOfTest : testing::Test {
  Result<irq::TreeLine> line(const std::vector<std::uint32_t>& cells, std::size_t index = 0,
                             const std::string& controller = "arm,gic-v3",
                             std::uint32_t cell_count = 3) {
    using namespace std::string_literals;
    Blob out;
    out.begin("");
    out.cells("interrupt-parent", {1});
    out.begin("intc");
    out.property("compatible", controller + "\0"s);
    out.property("interrupt-controller", ""s);
    out.cells("#interrupt-cells", {cell_count});
    out.cells("phandle", {1});
    out.end();
    out.begin("device");
    if (!cells.empty()) out.cells("interrupts", cells);
    out.end();
    out.end();
    blob_ = out.finish();
    const auto bytes = std::as_bytes(std::span{blob_});
    auto tree = device_tree::Tree::create(bytes, records_);
    if (!tree) return fail(tree.error());
    return irq::line_of(*tree.value().find("/device"), index);
  }

  std::vector<std::uint64_t> blob_;
  std::array<device_tree::NodeRecord, 16> records_{};
};

TEST_F(LineOfTest, shared_lines_follow_the_first_32) {
  auto found = line({0, 7, 4});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().line, 39u);
  EXPECT_EQ(found.value().trigger, irq::Trigger::kLevelHigh);
}

TEST_F(LineOfTest, private_lines_follow_the_first_16_whatever_cpus_are_named) {
  auto found = line({1, 11, 0x108});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().line, 27u);
  EXPECT_EQ(found.value().trigger, irq::Trigger::kLevelLow);
}

TEST_F(LineOfTest, counts_interrupts) {
  auto found = line({0, 1, 4, 0, 2, 1}, 1);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().line, 34u);
  EXPECT_EQ(found.value().trigger, irq::Trigger::kEdgeRising);
  EXPECT_EQ(line({0, 1, 4}, 1).error(), Errc::kNoEntry);
  EXPECT_EQ(line({}).error(), Errc::kNoEntry);
}

TEST_F(LineOfTest, refuses_what_the_binding_does_not_know) {
  EXPECT_EQ(line({2, 7, 4}).error(), Errc::kBadMessage);
  EXPECT_EQ(line({0, 988, 4}).error(), Errc::kBadMessage);
  EXPECT_EQ(line({0, 0xffffffff, 4}).error(), Errc::kBadMessage);
  EXPECT_EQ(line({1, 16, 4}).error(), Errc::kBadMessage);
  EXPECT_EQ(line({0, 7, 0}).error(), Errc::kBadMessage);
  EXPECT_EQ(line({0, 7, 3}).error(), Errc::kBadMessage);
  EXPECT_EQ(line({0, 7}, 0, "arm,gic-v3", 2).error(), Errc::kBadMessage);
}

TEST_F(LineOfTest, an_interrupt_from_elsewhere_is_read_the_same) {
  ASSERT_TRUE(line({0, 7, 4}).ok());
  auto tree = device_tree::Tree::create(std::as_bytes(std::span{blob_}), records_);
  ASSERT_TRUE(tree.ok());
  const auto mapped = [&](const char* controller, std::uint32_t number) {
    return irq::line_of(device_tree::Interrupt{*tree.value().find(controller), {0, number, 1}, 3});
  };
  ASSERT_TRUE(mapped("/intc", 3).ok());
  EXPECT_EQ(mapped("/intc", 3).value().line, 35u);
  EXPECT_EQ(mapped("/intc", 3).value().trigger, irq::Trigger::kEdgeRising);
  EXPECT_EQ(mapped("/intc", 988).error(), Errc::kBadMessage);
  EXPECT_EQ(mapped("/device", 3).error(), Errc::kNotSupported);
}

TEST_F(LineOfTest, another_controller_is_not_the_root) {
  EXPECT_EQ(line({0, 7, 4}, 0, "arm,pl061").error(), Errc::kNotSupported);
}

}  // namespace
