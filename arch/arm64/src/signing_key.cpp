// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/signing_key.hpp>

namespace atl::arch {

SigningKey signing_key() {
  // ID_AA64ISAR1_EL1.APA and API, ID_AA64ISAR2_EL1.APA3.
  std::uint64_t first;
  std::uint64_t second;
  asm volatile("mrs %0, id_aa64isar1_el1" : "=r"(first));
  asm volatile("mrs %0, s3_0_c0_c6_2" : "=r"(second));
  if ((first & 0xff0) == 0 && (second & 0xf000) == 0) return {};
  SigningKey key;
  asm volatile("mrs %0, s3_0_c2_c1_0" : "=r"(key.low));
  asm volatile("mrs %0, s3_0_c2_c1_1" : "=r"(key.high));
  return key;
}

}  // namespace atl::arch
