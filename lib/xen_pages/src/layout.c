/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

/* In C, as which the header is written: what atoll/xen/shared_page.hpp says. */
#include "layout.h"

#include <stddef.h>
#include <stdint.h>

#define __XEN_INTERFACE_VERSION__ 0x00040e00
#include <xen/xen.h>

#define AT(structure, member, place) \
  _Static_assert(offsetof(struct structure, member) == (place), #structure "." #member)

AT(vcpu_info, evtchn_pending_sel, 8);
AT(vcpu_info, time, LAYOUT_TIME);
_Static_assert(sizeof(struct vcpu_info) == LAYOUT_CPU_SIZE, "vcpu_info");
AT(shared_info, evtchn_pending, LAYOUT_PENDING);
AT(shared_info, evtchn_mask, LAYOUT_MASKED);
AT(shared_info, wc_version, LAYOUT_WALL);
AT(shared_info, wc_sec, LAYOUT_WALL + 4);
AT(shared_info, wc_nsec, LAYOUT_WALL + 8);
AT(shared_info, wc_sec_hi, LAYOUT_WALL + 12);
