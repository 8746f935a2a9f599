// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "../src/generator.hpp"
#include "../src/sources.hpp"

namespace atl::random {
namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes(std::size_t count, unsigned char value) { return Bytes(count, std::byte{value}); }

TEST(Generator, gives_nothing_before_256_bits) {
  Generator generator;
  EXPECT_FALSE(generator.next_key().has_value());
  generator.add(bytes(31, 1), 31 * 8);
  EXPECT_FALSE(generator.seeded());
  EXPECT_FALSE(generator.next_key().has_value());
  generator.add(bytes(1, 1), 8);
  EXPECT_TRUE(generator.seeded());
  EXPECT_TRUE(generator.next_key().has_value());
}

TEST(Generator, input_without_entropy_never_seeds) {
  Generator generator;
  for (int i = 0; i < 10000; ++i) generator.add(bytes(64, 1), 0);
  EXPECT_FALSE(generator.seeded());
}

TEST(Generator, no_more_than_eight_bits_a_byte_count) {
  Generator generator;
  generator.add(bytes(31, 1), ~std::size_t{0});
  EXPECT_FALSE(generator.seeded());
  generator.add({}, 256);
  EXPECT_FALSE(generator.seeded());
  Generator other;
  other.add(bytes(4096, 1), ~std::size_t{0});
  EXPECT_TRUE(other.seeded());
}

TEST(Generator, small_entropies_add_up) {
  Generator generator;
  for (int i = 0; i < 255; ++i) generator.add(bytes(8, static_cast<unsigned char>(i)), 1);
  EXPECT_FALSE(generator.seeded());
  generator.add(bytes(8, 0), 1);
  EXPECT_TRUE(generator.seeded());
}

TEST(Generator, same_input_same_keys_other_input_other_keys) {
  Generator first;
  Generator second;
  Generator third;
  first.add(bytes(32, 1), 256);
  second.add(bytes(32, 1), 256);
  third.add(bytes(32, 2), 256);
  EXPECT_EQ(*first.next_key(), *second.next_key());
  EXPECT_NE(*first.next_key(), *third.next_key());
}

TEST(Generator, every_byte_and_every_chunk_counts) {
  std::set<chacha20::Key> keys;
  for (std::size_t changed = 0; changed <= 96; ++changed) {
    Bytes seed(96, std::byte{0});
    if (changed < seed.size()) seed[changed] = std::byte{1};
    Generator generator;
    generator.add(seed, 256);
    keys.insert(*generator.next_key());
  }
  EXPECT_EQ(keys.size(), 97u);
}

TEST(Generator, a_chunk_cannot_undo_the_one_before) {
  Generator plain;
  Generator twice;
  plain.add(bytes(32, 0), 0);
  plain.add(bytes(32, 0), 256);
  twice.add(bytes(32, 5), 0);
  twice.add(bytes(32, 5), 256);
  EXPECT_NE(*plain.next_key(), *twice.next_key());
}

TEST(Generator, keys_do_not_repeat) {
  Generator generator;
  generator.add(bytes(32, 1), 256);
  std::set<chacha20::Key> keys;
  for (int i = 0; i < 10000; ++i) keys.insert(*generator.next_key());
  EXPECT_EQ(keys.size(), 10000u);
}

TEST(Generator, later_input_enters_a_whole_seed_at_a_time) {
  Generator generator;
  Generator twin;
  generator.add(bytes(32, 1), 256);
  twin.add(bytes(32, 1), 256);
  generator.add(bytes(32, 9), 255);
  EXPECT_EQ(*generator.next_key(), *twin.next_key()) << "less than a seed stays in the pool";
  generator.add(bytes(1, 9), 1);
  EXPECT_NE(*generator.next_key(), *twin.next_key());
}

TEST(Generator, copies_go_apart_after_forget) {
  Generator parent;
  parent.add(bytes(32, 1), 256);
  Generator child = parent;
  child.forget();
  parent.forget();
  EXPECT_FALSE(child.next_key().has_value());
  child.add(bytes(32, 2), 256);
  parent.add(bytes(32, 3), 256);
  EXPECT_NE(*child.next_key(), *parent.next_key());
}

TEST(Generator, the_old_state_still_counts_after_forget) {
  Generator first;
  Generator second;
  first.add(bytes(32, 1), 256);
  second.add(bytes(32, 2), 256);
  for (Generator* generator : {&first, &second}) {
    generator->forget();
    generator->add(bytes(32, 7), 256);
  }
  EXPECT_NE(*first.next_key(), *second.next_key());
}

TEST(JitterTest, steady_counters_never_count) {
  for (const std::uint64_t step : {0u, 1u, 1000u}) {
    JitterTest test;
    for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_FALSE(test.accept(i * step));
  }
  JitterTest accelerating;
  for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_FALSE(accelerating.accept(i * i));
}

TEST(JitterTest, changing_distances_count) {
  JitterTest test;
  std::uint64_t reading = 0;
  std::uint64_t noise = 12345;
  int accepted = 0;
  for (int i = 0; i < 1000; ++i) {
    noise = noise * 6364136223846793005u + 1442695040888963407u;
    reading += 100 + (noise >> 58);
    accepted += test.accept(reading);
  }
  EXPECT_GT(accepted, 800);
  EXPECT_LE(accepted, 997);
}

}  // namespace
}  // namespace atl::random
