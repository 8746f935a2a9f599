// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstdint>

namespace atl {

/// The power button in the PM1 registers (ACPI 6.5 §4.8.2.2.1, §4.8.3.1).
/// `Register` reads and writes one of them, acpi::MappedRegister; an absent one
/// reads as 0.
template <typename Register>
struct FixedButton {
  std::array<Register, 2> status;
  std::array<Register, 2> enable;

  static constexpr std::uint32_t kButton = 1u << 8;

  /// Lets the button interrupt, and nothing else of these registers; a press
  /// that firmware saw is forgotten.
  void listen() const {
    for (std::size_t i = 0; i < status.size(); ++i) {
      if (!status[i].present()) continue;
      status[i].write(kButton);
      enable[i].write(kButton);
    }
  }

  /// Whether the button was pressed since the last call.
  [[nodiscard]] bool pressed() const {
    bool found = false;
    for (const Register& half : status) {
      if ((half.read() & kButton) == 0) continue;
      half.write(kButton);  // written ones clear
      found = true;
    }
    return found;
  }
};

}  // namespace atl
