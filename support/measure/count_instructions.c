// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
//
// A QEMU TCG plugin that counts executed guest instructions and where each was
// executed first (docs/devel/tcg-plugins.rst of QEMU). Debian does not package
// the plugin header; the few declarations needed are made here, and are the
// same in the plugin API's versions 1 to 4. Compile with -DPLUGIN_VERSION=n.
//
// A rep string instruction counts as one plus one per 16 bytes, since TCG
// executes it once per element; its iterations are reported apart.
//
// Arguments: out=<file>; only=<low>-<high>, once or more, counts what lies between
// these addresses (hexadecimal, both included), and after=<low>-<high> begins once
// something there has been executed: for an image below a hypervisor, which is
// guest code too. At exit the file has a line
//   total <instructions> rep_iterations <n>
// and one line per executed address, in order of first execution:
//   <address> <count before its first execution> <times executed>
// With the argument cpus=on the CPUs may run at the same time, and the file has nothing but
//   cpus <instructions of CPU 0> <of CPU 1> ...
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef struct qemu_info_t qemu_info_t;

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*callback)(qemu_plugin_id_t,
                                                            struct qemu_plugin_tb*));
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*callback)(qemu_plugin_id_t, void*),
                                    void* data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn* insn,
                                            void (*callback)(unsigned int, void*), int flags,
                                            void* data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* tb);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb* tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn* insn);
char* qemu_plugin_insn_disas(const struct qemu_plugin_insn* insn);

EXPORT int qemu_plugin_version = PLUGIN_VERSION;

enum { kBuckets = 1 << 18, kBytesPerCount = 16 };

struct Place {
  uint64_t address;
  uint64_t first;
  uint64_t times;
  unsigned element;  // bytes per iteration of a rep string instruction, else 0
  bool seen;
  struct Place* next;   // of its bucket
  struct Place* later;  // in order of first execution
};

static struct Place* buckets[kBuckets];
static struct Place* first_place;
static struct Place** last_place = &first_place;
static struct Place* previous;
static uint64_t total, rep_iterations, rep_bytes;
static const char* output;

// Of each CPU, which alone writes it, on a cache line of its own.
enum { kMostCpus = 64 };
static struct { _Alignas(64) uint64_t count; } by_cpu[kMostCpus];
static bool only_cpus;

struct Range {
  uint64_t low;
  uint64_t high;
};
enum { kMostRanges = 8 };
static struct Range only[kMostRanges];
static size_t only_count;
static struct Range after;  // of one that begins at once, all zeros
static bool begun = true;

static bool inside(struct Range range, uint64_t address) {
  return range.low <= address && address <= range.high;
}

static bool is_counted(uint64_t address) {
  for (size_t i = 0; i < only_count; ++i)
    if (inside(only[i], address)) return true;
  return only_count == 0;
}

static unsigned rep_element(const struct qemu_plugin_insn* insn) {
  char* text = qemu_plugin_insn_disas(insn);
  unsigned size = 0;
  if (text != NULL && strncmp(text, "rep", 3) == 0) {
    static const struct {
      const char* suffix;
      unsigned size;
    } kinds[] = {{"sb", 1}, {"sw", 2}, {"sd", 4}, {"sl", 4}, {"sq", 8}};
    size = 1;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i)
      if (strstr(text, kinds[i].suffix) != NULL) size = kinds[i].size;
  }
  free(text);
  return size;
}

static struct Place* place_of(uint64_t address) {
  struct Place** bucket = &buckets[(address * UINT64_C(0x9e3779b97f4a7c15)) >> 46];
  for (struct Place* place = *bucket; place != NULL; place = place->next)
    if (place->address == address) return place;
  struct Place* place = calloc(1, sizeof *place);
  if (place == NULL) abort();
  place->address = address;
  place->next = *bucket;
  *bucket = place;
  return place;
}

static void executed_by(unsigned int cpu, void* data) {
  (void)data;
  if (cpu < kMostCpus) ++by_cpu[cpu].count;
}

static void executed(unsigned int cpu, void* data) {
  (void)cpu;
  if (!begun) return;
  struct Place* place = data;
  if (!place->seen) {
    place->seen = true;
    place->first = total;
    *last_place = place;
    last_place = &place->later;
  }
  if (place->element != 0) {
    ++rep_iterations;
    if (place == previous) {
      rep_bytes += place->element;
      if (rep_bytes >= kBytesPerCount) {
        rep_bytes -= kBytesPerCount;
        ++total;
        ++place->times;
      }
      return;
    }
    rep_bytes = place->element;
  }
  previous = place;
  ++place->times;
  ++total;
}

static void begins(unsigned int cpu, void* data) {
  (void)cpu;
  (void)data;
  begun = true;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb* tb) {
  (void)id;
  size_t count = qemu_plugin_tb_n_insns(tb);
  for (size_t i = 0; i < count; ++i) {
    struct qemu_plugin_insn* insn = qemu_plugin_tb_get_insn(tb, i);
    const uint64_t address = qemu_plugin_insn_vaddr(insn);
    if (!begun && inside(after, address))
      qemu_plugin_register_vcpu_insn_exec_cb(insn, begins, 0, NULL);
    if (!is_counted(address)) continue;
    if (only_cpus) {
      qemu_plugin_register_vcpu_insn_exec_cb(insn, executed_by, 0, NULL);
      continue;
    }
    struct Place* place = place_of(address);
    place->element = rep_element(insn);
    qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, 0, place);
  }
}

static void at_exit(qemu_plugin_id_t id, void* data) {
  (void)id;
  (void)data;
  FILE* file = fopen(output, "w");
  if (file == NULL) return;
  if (only_cpus) {
    fputs("cpus", file);
    for (unsigned cpu = 0; cpu < kMostCpus; ++cpu) fprintf(file, " %" PRIu64, by_cpu[cpu].count);
    fclose(file);
    return;
  }
  fprintf(file, "total %" PRIu64 " rep_iterations %" PRIu64 "\n", total, rep_iterations);
  for (const struct Place* place = first_place; place != NULL; place = place->later)
    fprintf(file, "%" PRIx64 " %" PRIu64 " %" PRIu64 "\n", place->address, place->first,
            place->times);
  fclose(file);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int argc,
                               char** argv) {
  (void)info;
  for (int i = 0; i < argc; ++i) {
    struct Range range;
    if (strncmp(argv[i], "out=", 4) == 0) {
      output = strdup(argv[i] + 4);
    } else if (sscanf(argv[i], "only=%" SCNx64 "-%" SCNx64, &range.low, &range.high) == 2 &&
               only_count < kMostRanges) {
      only[only_count++] = range;
    } else if (sscanf(argv[i], "after=%" SCNx64 "-%" SCNx64, &range.low, &range.high) == 2) {
      after = range;
      begun = false;
    } else if (strcmp(argv[i], "cpus=on") == 0) {
      only_cpus = true;
    } else {
      return 1;
    }
  }
  if (output == NULL) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, at_exit, NULL);
  return 0;
}
