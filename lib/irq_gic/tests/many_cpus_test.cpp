// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/gic.hpp"

#include <array>
#include <atoll/host/crew.hpp>
#include <atoll/smp.hpp>
#include <bit>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "fake_gic.hpp"

/// What a GIC is told where there are several CPUs.
namespace irq_gic_many_cpus_test {

using namespace atl;
using irq::test::Block;
using irq::test::FakeIo;
using irq::test::FakeSystem;
using irq::test::write_log;
using Log = std::vector<std::string>;

constexpr std::uint64_t kTarget = 0x800;

struct Version2 {
  Version2() {
    distributor.name = "d";
    cpu.name = "c";
    distributor.write(0x004, 0x2, 4);
    distributor.write(kTarget, 0x01, 1);
    gic.start_v2(FakeIo{&distributor}, FakeIo{&cpu});
  }
  // Each CPU reads its own bit there (IHI 0048B §4.3.12).
  void start_further(std::uint32_t index, std::uint8_t bit) {
    distributor.registers[kTarget] = bit;
    write_log.clear();
    gic.start_cpu_v2(index);
  }
  Block distributor, cpu;
  irq::HandlerTable handlers;
  irq::Gic<FakeIo, FakeSystem> gic{handlers};
};

VM_TEST(GicManyCpus, v2_sends_to_the_bit_that_each_cpu_has_read) {
  Version2 machine;
  machine.start_further(1, 0x04);
  machine.start_further(2, 0x80);
  write_log.clear();
  machine.gic.send(1, 0);
  machine.gic.send(2, 1);
  machine.gic.send(0, 2);
  VM_EXPECT(write_log == (Log{"d f00+4=10001", "d f00+4=40002", "d f00+4=800000"}));
}

VM_TEST(GicManyCpus, v2_opens_the_private_lines_of_a_further_cpu) {
  Version2 machine;
  machine.start_further(1, 0x02);
  Log expected;
  for (unsigned line = 0; line < 32; line += 4) {
    char text[32];
    std::snprintf(text, sizeof text, "d %x+4=80808080", 0x400 + line);
    expected.emplace_back(text);
  }
  for (const char* const write : {"d 100+4=ffff", "c 4+4=f0", "c 0+4=1"}) {
    expected.emplace_back(write);
  }
  VM_EXPECT(write_log == expected);
}

struct Version3 {
  Version3() {
    distributor.write(0x004, 0x2, 4);
    gic.start_v3(FakeIo{&distributor});
    for (std::uint32_t cpu = 0; cpu < kMaxCpus; ++cpu) {
      lines[cpu].name = "p" + std::to_string(cpu);
      write_log.clear();
      FakeSystem::affinity_value = 0x100 + cpu;
      VM_EXPECT(gic.start_cpu_v3(cpu, FakeIo{&redistributors[cpu]}, FakeIo{&lines[cpu]}).ok());
    }
    FakeSystem::sent.clear();
  }
  Block distributor;
  std::array<Block, kMaxCpus> redistributors, lines;
  irq::HandlerTable handlers;
  irq::Gic<FakeIo, FakeSystem> gic{handlers};
};

VM_TEST(GicManyCpus, v3_sends_to_the_affinity_of_each_cpu) {
  Version3 machine;
  machine.gic.send(1, 0);
  machine.gic.send(2, 3);
  VM_EXPECT_EQ(FakeSystem::sent.size(), 2u);
  VM_EXPECT(FakeSystem::sent[0] == (std::pair<std::uint32_t, std::uint32_t>{1, 0x100}));
  VM_EXPECT(FakeSystem::sent[1] == (std::pair<std::uint32_t, std::uint32_t>{2, 0x103}));
}

VM_TEST(GicManyCpus, v3_opens_the_private_lines_of_a_further_cpu_in_its_own_frame) {
  Version3 machine;  // the last one's writes are in the log
  VM_EXPECT_EQ(write_log.size(), 11u);
  VM_EXPECT(write_log[1] == "p3 80+4=ffffffff");
  VM_EXPECT(write_log[2] == "p3 400+4=80808080");
  VM_EXPECT(write_log.back() == "p3 100+4=ffff");
  // The boot CPU's are opened one by one, as they are connected.
  VM_EXPECT_EQ(machine.lines[0].registers.count(0x100), 0u);
}

VM_TEST(GicManyCpus, v3_a_private_line_is_the_calling_cpus) {
  Version3 machine;
  irq::Domain& domain = machine.gic;
  VM_ASSERT(domain
                .connect(
                    27, irq::Trigger::kLevelHigh, [](void*) {}, nullptr)
                .ok());
  for (CpuMask left = smp::running(); left != 0; left &= left - 1) {
    const auto cpu = static_cast<std::uint32_t>(std::countr_zero(left));
    write_log.clear();
    host::Crew{1, [&](std::size_t) { domain.unmask(27); }, {.affinity = CpuMask{1} << cpu}};
    VM_EXPECT(write_log == (Log{"p" + std::to_string(cpu) + " 100+4=8000000"}));
  }
}

}  // namespace irq_gic_many_cpus_test
