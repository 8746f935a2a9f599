# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors

# The front door. Everything behind it is in support/; `make help` tells what
# there is.

MAKEFLAGS += --no-print-directory
export APP PLAT ARCH SET O ATOLL_LIBS V LIB NAME PROVIDES N SEED ONLY FROM
export TIMEOUT ARGS CMDLINE MEM CPUS ACCEL XEN MACHINE INSTALL YES TESTS_MATCHING UPDATE
export NET PORT NET_DEVICE NET_QUEUES PCAP RNG INITRD
export SYMBOLS KCONFIG_CONFIG LIB_TEST GDB GCC CLANG TARGET MINUTES JOBS

# kconfiglib may belong to another python3 than the first one on PATH.
PYTHON = $(shell for python in python3 /usr/bin/python3; do \
	"$$python" -c 'import kconfiglib' 2>/dev/null && echo "$$python" && break; done)
ATOLL = PYTHONPATH=$(CURDIR)/support PYTHONDONTWRITEBYTECODE=1 $(or $(PYTHON),python3) -m atoll

BUILDING = all run xl-config images size graph boot-order why who-provides new-lib new-app menuconfig \
	defconfig olddefconfig savedefconfig listnewconfig oldconfig interfaces symbolize crash-report
TESTING = test test-quick test-long test-configs test-faults verify-host check format bench bench-operations bench-packets fuzz

.PHONY: $(BUILDING) $(TESTING) debug help clean distclean prerequisites

all:

$(BUILDING): | prerequisites-run
	@$(ATOLL) $@

$(TESTING): | prerequisites-run prerequisites-test
	@$(ATOLL) $@

debug: | prerequisites-run prerequisites-debug
	@$(ATOLL) $@

help:
	@cat support/help.txt

clean:
	@rm -rf "$(or $(O),build)" compile_commands.json

distclean: clean
	@rm -f .config .config.old

prerequisites:
	@support/prerequisites.sh --list run net xen test debug

# A .config that chooses Xen is not known here: the build names what it lacks then.
images: | prerequisites-xen
ifeq ($(NET),netns)
run debug: | prerequisites-net
endif
ifeq ($(PLAT),xen)
$(BUILDING) debug: | prerequisites-xen
endif

.PHONY: prerequisites-run prerequisites-net prerequisites-xen prerequisites-test prerequisites-debug
prerequisites-run:
	@support/prerequisites.sh run
prerequisites-test: prerequisites-run
	@support/prerequisites.sh test
prerequisites-net: prerequisites-run
	@support/prerequisites.sh net
prerequisites-xen: prerequisites-run
	@support/prerequisites.sh xen
prerequisites-debug: prerequisites-run
	@support/prerequisites.sh debug
