// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/gic_registers.hpp>
#include <atoll/cpu_start.hpp>
#include <atoll/device_tree.hpp>

namespace atl::cpu_start {
namespace {

// The affinity fields of MPIDR_EL1, as `reg` has them (Linux
// Documentation/devicetree/bindings/arm/cpus.yaml).
std::uint64_t own_name() {
  const std::uint64_t packed = arch::GicRegisters::affinity();
  return (packed & 0xff'ffff) | (packed & 0xff00'0000) << 8;
}

bool starts_by_psci(device_tree::Node node) {
  const auto type = node.string("device_type");
  const auto method = node.string("enable-method");
  return type.ok() && type.value() == "cpu" && method.ok() && method.value() == "psci";
}

Result<std::uint64_t> name_of(device_tree::Node node) {
  const device_tree::Property reg = node.property("reg");
  if (reg.value.size() == sizeof(std::uint64_t)) return reg.u64();
  return std::uint64_t{TRY(reg.u32())};
}

}  // namespace

Result<std::uint64_t> find(std::size_t number) {
  const device_tree::Tree* tree = device_tree::tree();
  if (tree == nullptr) return fail(Errc::kNoDevice);
  const auto cpus = tree->find("/cpus");
  if (!cpus) return fail(Errc::kNoDevice);
  for (const device_tree::Node node : cpus->children()) {
    if (!starts_by_psci(node)) continue;
    const std::uint64_t name = TRY(name_of(node));
    if (name != own_name() && number-- == 0) return std::uint64_t{name};
  }
  return fail(Errc::kNoEntry);
}

}  // namespace atl::cpu_start
