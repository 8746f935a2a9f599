// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_interface.hpp"

namespace packet_elements_test {
namespace {

/// Has as many inputs and outputs as the words say, and remembers the rest.
class Trial final : public Element {
 public:
  explicit Trial(Shape shape) : Element(shape) {}

 private:
  void do_push(std::uint16_t, PacketBatch& batch) override {
    if (shape().outputs > 0) pass(batch);
    batch.clear();
  }
  void do_report(Counters&) const override {}
  void do_destroy() override { destroy_in(default_allocator(), *this); }
};

std::vector<std::string> seen;

Result<void> trial(Wanted& wanted) {
  const auto inputs = static_cast<std::uint16_t>(TRY(wanted.number("inputs", 0, 8)));
  const auto outputs = static_cast<std::uint16_t>(TRY(wanted.number("outputs", 0, 8)));
  while (wanted.take_comma() || !wanted.look().empty()) {
    if (wanted.take("wrong")) return wanted.refuse("`right` is meant, not `{}`", "wrong");
    if (wanted.look().empty()) {
      static_cast<void>(wanted.word());
      return wanted.refuse("a word is missing");
    }
    seen.emplace_back(wanted.word());
  }
  return wanted.make<Trial>(Element::Shape{inputs, outputs});
}
Result<void> pass(Wanted& wanted) { return wanted.make<Trial>(Element::Shape{1, 1}); }
Result<void> drop(Wanted& wanted) { return wanted.make<Trial>(Element::Shape{1, 0}); }

constexpr Driver kKinds[] = {{"drop", drop}, {"pass", pass}, {"trial", trial}};

class Language : public NetworkTest {
 protected:
  std::string says(std::string_view text) {
    seen.clear();
    network.reset();
    return configure(kKinds, text);
  }
};

TEST_F(Language, what_can_be_said) {
  for (const char* const text : {
           "net0 -> net1",
           "net0->net1;net1->net0",
           "net0 -> net1; net1 -> net0;",
           "\n\n# both ways\nnet0 -> net1 # there\r\nnet1\t-> net0\n",
           "net0\n  -> pass\n  # in between\n  -> net1",
           "net0 ->\n pass ->\n\n net1",
           "p = pass; net0 -> p -> net1",
           "p = pass; net0 -> p; net1 -> p; p -> net2",
           "s = trial 2 2; net0 -> s.0 -> net0; net1 -> s.1 -> net1",
           "net0 -> trial 1 1 a b,\n c, d -> net1",
           "t = \n trial 1 1; net0 -> t -> drop",
           "net0 -> net0",
           "set report 5; net0 -> net1",
           "set depth 0x10\nnet0 -> pass -> pass -> drop",
       }) {
    EXPECT_EQ(says(text), "") << text;
  }
}

TEST_F(Language, words_reach_their_element) {
  EXPECT_EQ(says("net0 -> trial 1 1 one,two 10.0.0.0/8 x-y,\n# not\nthree -> net1"), "");
  EXPECT_EQ(seen, (std::vector<std::string>{"one", "two", "10.0.0.0/8", "x-y", "three"}));
}

TEST_F(Language, settings_are_numbers_with_names) {
  EXPECT_EQ(says("set report 7; set depth 0x20; net0 -> net1"), "");
  EXPECT_EQ(settings[0].value, 7u);
  EXPECT_EQ(settings[1].value, 32u);
}

struct Wrong {
  const char* text;
  const char* sentence;
};
// Behind line and column, which of the words it is about.
constexpr Wrong kWrong[] = {
    {"net0 -> filtr -> net1",
     "1:9 there is no element or interface `filtr`; there are: drop pass trial net0 net1 net2"},
    {"net0 -> net1\n  net7 -> net0",
     "2:3 there is no element or interface `net7`; there are: drop pass trial net0 net1 net2"},
    {"net0", "1:1 `net0` stands alone: a chain has an arrow, as in `net0 -> net1`"},
    {"net0 ->", "1:8 behind the arrow an interface or element is missing"},
    {"net0 -> ; net1 -> net0", "1:9 behind the arrow an interface or element is missing"},
    {"-> net0",
     "1:1 `->` has nothing in front: a chain begins with an interface or an element, as "
     "in `net0 -> net1`"},
    {"net0 -> pass 1 -> net1", "1:14 `1` is more than `pass` takes"},
    {"net0 -> pass, 1 -> net1", "1:13 `,` is more than `pass` takes"},
    {"net0 -> net1 net2",
     "1:14 `net2` is more than is taken here: an arrow goes on to the next "
     "element, a new line or `;` ends the chain"},
    {"net0 -> net1 -> net2",
     "1:9 an interface begins or ends a chain: begin a new one with `net1 ->`"},
    {"net0 -> net1; net0 -> net2",
     "1:15 `net0` leads elsewhere already: it stands in front of one arrow only"},
    {"net0 -> pass", "1:9 `pass` leads nowhere: let an arrow lead from it, if only to `drop`"},
    {"pass -> net0",
     "1:1 nothing leads to `pass`: a chain begins with an interface, as in `net0 "
     "-> pass`"},
    {"p = pass\nnet0 -> net1",
     "1:5 nothing leads to `p`: a chain begins with an interface, as in "
     "`net0 -> p`"},
    {"net0 -> drop -> net1", "1:9 `drop` has no output"},
    {"s = trial 2 2; net0 -> s -> net0", "1:24 `s` has 2 inputs: say which, from `s.0` on"},
    {"s = trial 2 2; net0 -> s.2 -> net0", "1:24 `s` has 2 inputs, from `s.0` on"},
    {"s = trial 2 2; net0 -> s.x",
     "1:24 behind the dot of `s.x` stands no number of an input or "
     "output"},
    {"s = trial 2 2; net0 -> s.0 -> net0",
     "1:5 output 1 of `s` leads nowhere: `s.1 ->` begins a "
     "chain from there, if only to `drop`"},
    {"p = pass; q = pass; net0 -> p -> q -> p",
     "1:5 packets would go round in circles through `p`"},
    {"a = trial 2 1; b = pass; net0 -> a.0 -> b -> a.1",
     "1:5 packets would go round in circles through `a`"},
    {"a = pass; a -> a", "1:5 packets would go round in circles through `a`"},
    {"net0 = pass", "1:1 `net0` is taken: choose another name"},
    {"pass = pass", "1:1 `pass` is taken: choose another name"},
    {"a = pass; a = pass", "1:11 `a` is taken: choose another name"},
    {"a.b = pass", "1:1 `a.b` is no name: letters, digits and underscores make one"},
    {"a = ", "1:5 the kind of element that is to be called `a` is missing"},
    {"a = pass b", "1:10 `b` is more than `pass` takes"},
    {"set", "1:4 there is no setting ``; there are: report depth"},
    {"set colour 1", "1:5 there is no setting `colour`; there are: report depth"},
    {"set report", "1:11 `set report` takes a number up to 100, not ``"},
    {"set report 101", "1:12 `set report` takes a number up to 100, not `101`"},
    {"set report 1 2", "1:14 `2` is more than is taken here"},
    {"net0 -> trial 1 x -> net1", "1:17 outputs is a number from 0 to 8, not `x`"},
    {"net0 -> trial 1", "1:16 outputs is a number from 0 to 8, not ``"},
    {"net0 -> trial 1 1 wrong -> net1", "1:19 `right` is meant, not `wrong`"},
    {"net0 -> trial 1 1 a, -> net1", "1:22 a word is missing"},
    {"net0 -> net1\x01", "1:13 a character that means nothing"},
    {"\xc3\xa4 -> net1", "1:1 a character that means nothing"},
};

TEST_F(Language, a_mistake_says_where_and_what_would_be_right) {
  for (const Wrong& wrong : kWrong) {
    EXPECT_EQ(says(wrong.text).substr(0, std::strlen(wrong.sentence)), wrong.sentence)
        << wrong.text;
  }
}

TEST_F(Language, a_text_of_nul_characters_is_no_configuration) {
  EXPECT_EQ(says(std::string_view{"net0 -> net1\0\0", 14}), "1:13 a character that means nothing");
}

TEST_F(Language, a_network_has_a_size) {
  std::string text = "net0";
  for (int i = 0; i < 70; ++i) text += " -> pass";
  EXPECT_EQ(says(text + " -> net1").substr(0, 50),
            "1:513 there are too many elements and interfaces");
}

TEST_F(Language, without_memory_nothing_is_lost) {
  for (std::size_t allocations = 0;; ++allocations) {
    SCOPED_TRACE(allocations);
    network.reset();
    ASSERT_EQ(host::live_blocks(), 0u);
    host::fail_allocations_after(allocations);
    auto made = PacketNetwork::create(
        {kKinds, [](std::string_view) -> Netdev* { return nullptr; }, {}, nullptr});
    if (made.ok()) {
      const auto read = made.value()->read("the test", "a = pass; b = drop; a -> b");
      if (read.ok()) break;
      EXPECT_EQ(read.error(), Errc::kNoMemory);
    }
    host::fail_allocations_after(host::kNever);
  }
  host::fail_allocations_after(host::kNever);
}

TEST_F(Language, two_texts_are_one_network) {
  network = PacketNetwork::create(
                {kKinds, [](std::string_view) -> Netdev* { return nullptr; }, settings, nullptr})
                .value();
  EXPECT_TRUE(network->read("the file", "a = pass\nset report 5").ok());
  EXPECT_TRUE(network->read("the command line", "set report 9").ok());
  EXPECT_EQ(settings[0].value, 9u);
  EXPECT_FALSE(network->start({}).ok());
  EXPECT_EQ(network->mistake().source, "the file");
}

}  // namespace
}  // namespace packet_elements_test
