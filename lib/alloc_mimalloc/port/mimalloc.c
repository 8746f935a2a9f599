/* SPDX-License-Identifier: BSD-3-Clause */
/* Copyright (c) The Atoll authors */

/* mimalloc as one unit: its heaps, pages and segments, and beside them what stands for
   its operating system, its options and its threads. Its own files for these are left
   out: they speak POSIX. */
#include "../src/port.h"

/* No threads of its own (see the README): each heap takes itself for one, and all for the
   same. __wasi__ is mimalloc's word for a system without pthreads. */
#define __wasi__ 1
#define __thread
#define MI_SECURE 0
#define MI_DEBUG 0
#define MI_STAT 0

#include "alloc-aligned.c"
#include "alloc.c"
#include "heap.c"
/* Its initialisation as a program starts: no image has such. */
#define constructor unused
#include "init.c"
#undef constructor
#include "page.c"
#include "segment.c"

int atoll_mi_errno;

struct atoll_mi_heap {
  mi_heap_t heap; /* first: a page names its heap */
  mi_tld_t tld;
  intptr_t below_peak; /* bytes that all blocks together have less than at their most */
  size_t peak;
  size_t reserved;
  uint32_t shortcuts; /* of allocate_any() */
  bool no_memory;     /* has been said since an allocation began */
  size_t freed;       /* bytes of pages without a block since give_back() */
};

const size_t atoll_mi_heap_size = sizeof(struct atoll_mi_heap);
_Static_assert(_Alignof(struct atoll_mi_heap) <= kAtollMiHeapAlignment, "");

/* The one that `stats` belongs to. */
static struct atoll_mi_heap* heap_of(mi_stats_t* stats) {
  return (struct atoll_mi_heap*)((char*)stats - offsetof(struct atoll_mi_heap, tld.stats));
}

/* --- heaps ------------------------------------------------------------------------ */

atoll_mi_heap* atoll_mi_heap_make(void* room) {
  struct atoll_mi_heap* const self = room;
  memcpy(&self->heap, &_mi_heap_empty, sizeof self->heap);
  memcpy(&self->tld, &tld_empty, sizeof self->tld);
  self->below_peak = 0;
  self->shortcuts = 0;
  self->peak = self->reserved = self->freed = 0;
  self->heap.tld = &self->tld;
  self->heap.thread_id = _mi_thread_id();
  self->heap.cookie = 1;
  self->heap.no_reclaim = true;
  self->tld.heap_backing = self->tld.heaps = &self->heap;
  self->tld.segments.stats = self->tld.os.stats = &self->tld.stats;
  self->tld.segments.os = &self->tld.os;
  return self;
}

size_t atoll_mi_in_use(const atoll_mi_heap* self) { return self->peak - (size_t)self->below_peak; }

atoll_mi_counts atoll_mi_heap_counts(const atoll_mi_heap* self) {
  return (atoll_mi_counts){atoll_mi_in_use(self), self->peak, self->reserved};
}

static mi_decl_noinline void raise_peak(struct atoll_mi_heap* self) {
  self->peak -= (size_t)self->below_peak;
  self->below_peak = 0;
}

/* Counts a block of `size` bytes that is handed out. */
static inline void count(struct atoll_mi_heap* self, size_t size) {
  self->below_peak -= (intptr_t)size;
  if mi_unlikely (self->below_peak < 0) raise_peak(self);
}

/* Where a page is described: less than that by what a segment has before its slices, so
   that accesses to a field add it. */
typedef struct {
  char before[offsetof(mi_segment_t, slices)];
  mi_page_t page;
} page_place;

/* What _mi_segment_page_of() says, in fewer instructions: no block is aligned to more than
   MI_ALIGNMENT_MAX, so that none begins where a segment does. */
static inline page_place* place_of(const void* block) {
  const uintptr_t address = (uintptr_t)block;
  /* The slice's number in its segment, 16 times. */
  const size_t index = address >> (MI_SEGMENT_SLICE_SHIFT - 4) & (MI_SLICES_PER_SEGMENT - 1) << 4;
  _Static_assert(sizeof(mi_slice_t) % 16 == 0, "");
  char* place = (char*)(address & ~MI_SEGMENT_MASK) + index * (sizeof(mi_slice_t) / 16);
  place -= ((page_place*)place)->page.slice_offset;
  __asm__("" : "+r"(place));
  return (page_place*)place;
}

static inline mi_page_t* page_of(const void* block) { return &place_of(block)->page; }

/* --- memory goes back -------------------------------------------------------------- */

/* Takes the memory away from all spans that are free, as mimalloc would after a time, and
   all that they are in, where nothing else is: it leaves such where memory ran out as it
   was about to use them. */
static void give_back(struct atoll_mi_heap* self) {
  self->freed = 0;
  mi_segments_tld_t* const segments = &self->tld.segments;
  for (size_t bin = 0; bin <= MI_SEGMENT_BIN_MAX; ++bin) {
    mi_slice_t* span = segments->spans[bin].first;
    while (span != NULL) {
      mi_segment_t* const segment = _mi_ptr_segment(span);
      span = span->next;
      if (segment->used == 0) {
        mi_segment_free(segment, true, segments);
        span = segments->spans[bin].first; /* that one may have gone, too */
      } else {
        mi_segment_delayed_decommit(segment, true, segments->stats);
      }
    }
  }
}

void atoll_mi_heap_end(atoll_mi_heap* self) {
  _mi_heap_destroy_pages(&self->heap);
  give_back(self);
}

/* What may be free before memory goes back: giving and taking must not alternate. */
static inline size_t slack(const struct atoll_mi_heap* self) {
  return atoll_mi_in_use(self) / 4 + MI_MiB;
}

/* The page at `place` has no block in use any more. */
static mi_decl_noinline void retire(struct atoll_mi_heap* self, page_place* place) {
  mi_page_t* const page = &place->page;
  const size_t size = mi_page_block_size(page);
  /* What is huge has no size in its page, and has a page alone. */
  self->below_peak += (intptr_t)(size - page->xblock_size);
  self->freed += size * page->capacity;
  _mi_page_retire(page);
  if (self->freed <= slack(self)) return;
  /* Those that stay for a while grow older. */
  _mi_heap_collect_retired(&self->heap, false);
  give_back(self);
}

/* --- blocks ----------------------------------------------------------------------- */

/* Counts `block`, where it is one, and notes that its page may have come before another,
   which then does not stay for a while any more as the only one of its size. */
static void* counted(struct atoll_mi_heap* self, void* block) {
  if (block == NULL) return NULL;
  mi_page_t* const page = page_of(block);
  count(self, mi_page_block_size(page));
  if (page->next != NULL) page->next->retire_expire = 0;
  return block;
}

/* What is left to be tried where there is no memory. */
static void collect(struct atoll_mi_heap* self) {
  self->no_memory = false;
  mi_heap_collect(&self->heap, true);
  give_back(self);
}

/* mimalloc aligns what has less than 16 bytes to 8 only. */
static inline size_t rounded(size_t size) {
  return (size + (MI_MAX_ALIGN_SIZE - 1)) & ~(size_t)(MI_MAX_ALIGN_SIZE - 1);
}

static inline void* pop(mi_page_t* page, mi_block_t* block) {
  page->free = mi_block_next(page, block);
  page->used++;
  return block;
}

/* What atoll_mi_allocate() has no short way for. */
static mi_decl_noinline void* allocate_any(struct atoll_mi_heap* self, size_t size) {
  self->no_memory = false;
  if (size > PTRDIFF_MAX / 2) return NULL;
  if (size < MI_MAX_ALIGN_SIZE) size = MI_MAX_ALIGN_SIZE;
  if (size <= MI_MEDIUM_OBJ_SIZE_MAX && ++self->shortcuts % 16 != 0) {
    /* What is free in the first page of that size. mimalloc would come to the same, after
       it has looked what else is to be done: now and then it may. */
    mi_page_t* const page = mi_page_queue(&self->heap, size)->first;
    if (page != NULL && page->free == NULL) {
      page->free = page->local_free;
      page->local_free = NULL;
      page->is_zero = false;
    }
    if (page != NULL && page->free != NULL) {
      count(self, page->xblock_size);
      return pop(page, page->free);
    }
  }
  void* block = _mi_malloc_generic(&self->heap, size, false, 0);
  if (block == NULL) {
    collect(self);
    block = _mi_malloc_generic(&self->heap, size, false, 0);
  }
  return counted(self, block);
}

/* What is left of atoll_mi_allocate() where the count has passed its peak. */
static mi_decl_noinline void* allocate_at_peak(struct atoll_mi_heap* self, size_t size) {
  raise_peak(self);
  mi_page_t* const page = _mi_heap_get_free_small_page(&self->heap, rounded(size));
  return pop(page, page->free);
}

void* atoll_mi_allocate(atoll_mi_heap* self, size_t size) {
  if mi_likely (size <= MI_SMALL_SIZE_MAX) {
    mi_page_t* const page = _mi_heap_get_free_small_page(&self->heap, rounded(size));
    mi_block_t* const block = page->free;
    if mi_likely (block != NULL) {
      self->below_peak -= page->xblock_size;
      if mi_unlikely (self->below_peak < 0) return allocate_at_peak(self, size);
      return pop(page, block);
    }
  }
  return allocate_any(self, size);
}

void* atoll_mi_allocate_aligned(atoll_mi_heap* self, size_t size, size_t alignment) {
  if (alignment <= MI_MAX_ALIGN_SIZE) return atoll_mi_allocate(self, size);
  if (alignment > MI_ALIGNMENT_MAX) return NULL;
  self->no_memory = false;
  /* Not mi_heap_malloc_aligned(): it takes blocks of 256 bytes and more for aligned to
     their size, which 2.0.9 does not align their pages for. */
  void* block = mi_heap_malloc_aligned_at(&self->heap, size, alignment, 0);
  if (block == NULL) {
    collect(self);
    block = mi_heap_malloc_aligned_at(&self->heap, size, alignment, 0);
  }
  return counted(self, block);
}

/* Frees the block of a page that is full, or has blocks that begin behind their start. */
static mi_decl_noinline void free_any(struct atoll_mi_heap* self, page_place* place,
                                      void* pointer) {
  mi_page_t* const page = &place->page;
  mi_block_t* block = pointer;
  if (mi_page_has_aligned(page))
    block = _mi_page_ptr_unalign(_mi_ptr_segment(pointer), page, pointer);
  if (block == page->local_free) atoll_mi_misused();
  mi_block_set_next(page, block, page->local_free);
  page->local_free = block;
  if (--page->used == 0)
    retire(self, place);
  else if (mi_page_is_in_full(page)) {
    _mi_page_unfull(page);
    page->retire_expire = 0; /* no longer the only one */
  }
}

/* What mimalloc's own mi_free() does for a block of the thread it is called on. A block
   of another allocator is told by its heap; one that is freed twice in a row by a page
   that has no heap any more, or as the last that was freed there. */
void atoll_mi_free(atoll_mi_heap* self, void* pointer) {
  page_place* const place = place_of(pointer);
  if mi_unlikely (*(mi_heap_t**)&place->page.xheap != &self->heap) atoll_mi_misused();
  self->below_peak += place->page.xblock_size;
  if mi_unlikely (place->page.flags.full_aligned != 0) {
    free_any(self, place, pointer);
    return;
  }
  mi_block_t* const block = pointer;
  if mi_unlikely (block == place->page.local_free) atoll_mi_misused();
  mi_block_set_next(&place->page, block, place->page.local_free);
  place->page.local_free = block;
  /* A page that is the only one of its size stays for a while: one that does so already
     is not looked for again. */
  if mi_unlikely (--place->page.used == 0 && place->page.retire_expire == 0) retire(self, place);
}

size_t atoll_mi_usable_size(const void* block) { return mi_usable_size(block); }

atoll_mi_heap* atoll_mi_owner(const void* block) {
  return (atoll_mi_heap*)mi_page_heap(page_of(block));
}

/* The first page of a queue is what an allocation of that size looks at first. */
size_t atoll_mi_largest_free(const atoll_mi_heap* self) {
  for (size_t bin = MI_BIN_HUGE - 1; bin > 0; --bin) {
    const mi_page_t* const page = self->heap.pages[bin].first;
    if (page != NULL && (page->free != NULL || page->local_free != NULL))
      return mi_page_block_size(page);
  }
  return 0;
}

/* --- the operating system --------------------------------------------------------- */

size_t _mi_os_page_size(void) { return 4096; }
/* Whole pages; whole chunks where these are little to what there is. */
size_t _mi_os_good_alloc_size(size_t size) {
  return _mi_align_up(size, size < 512 * MI_KiB ? 4096 : 64 * MI_KiB);
}
bool _mi_os_commit(void* start, size_t size, bool* is_zero, mi_stats_t* stats) {
  *is_zero = false;
  struct atoll_mi_heap* const self = heap_of(stats);
  if (atoll_mi_os_commit(start, size, &self->reserved)) return true;
  self->no_memory = true;
  return false;
}
bool _mi_os_decommit(void* start, size_t size, mi_stats_t* stats) {
  atoll_mi_os_decommit(start, size, &heap_of(stats)->reserved);
  return true;
}

void* _mi_arena_alloc_aligned(size_t size, size_t alignment, size_t align_offset, bool* commit,
                              bool* large, bool* is_pinned, bool* is_zero, mi_arena_id_t arena,
                              size_t* memid, mi_os_tld_t* tld) {
  MI_UNUSED(arena);
  *large = *is_pinned = *is_zero = false;
  *memid = 0;
  struct atoll_mi_heap* const self = heap_of(tld->stats);
  /* Where it could put no memory into one segment, mimalloc tries another, and another. */
  if (align_offset != 0 || self->no_memory) return NULL;
  return atoll_mi_os_reserve(size, alignment, *commit, &self->reserved);
}
void _mi_arena_free(void* start, size_t size, size_t alignment, size_t align_offset, size_t memid,
                    bool all_committed, mi_stats_t* stats) {
  MI_UNUSED(size), MI_UNUSED(alignment), MI_UNUSED(align_offset);
  MI_UNUSED(memid), MI_UNUSED(all_committed);
  atoll_mi_os_release(start, &heap_of(stats)->reserved);
}
mi_arena_id_t _mi_arena_id_none(void) { return 0; }
bool _mi_arena_memid_is_suitable(size_t memid, mi_arena_id_t arena) {
  MI_UNUSED(memid), MI_UNUSED(arena);
  return true;
}

/* A segment that is free goes back at once. */
void* _mi_segment_cache_pop(size_t size, mi_commit_mask_t* commit_mask,
                            mi_commit_mask_t* decommit_mask, bool* large, bool* is_pinned,
                            bool* is_zero, mi_arena_id_t arena, size_t* memid, mi_os_tld_t* tld) {
  MI_UNUSED(size), MI_UNUSED(commit_mask), MI_UNUSED(decommit_mask), MI_UNUSED(large);
  MI_UNUSED(is_pinned), MI_UNUSED(is_zero), MI_UNUSED(arena), MI_UNUSED(memid), MI_UNUSED(tld);
  return NULL;
}
bool _mi_segment_cache_push(void* start, size_t size, size_t memid,
                            const mi_commit_mask_t* commit_mask,
                            const mi_commit_mask_t* decommit_mask, bool is_large, bool is_pinned,
                            mi_os_tld_t* tld) {
  MI_UNUSED(start), MI_UNUSED(size), MI_UNUSED(memid), MI_UNUSED(commit_mask);
  MI_UNUSED(decommit_mask), MI_UNUSED(is_large), MI_UNUSED(is_pinned), MI_UNUSED(tld);
  return false;
}
void _mi_segment_cache_collect(bool force, mi_os_tld_t* tld) { MI_UNUSED(force), MI_UNUSED(tld); }
void _mi_segment_map_allocated_at(const mi_segment_t* segment) { MI_UNUSED(segment); }
void _mi_segment_map_freed_at(const mi_segment_t* segment) { MI_UNUSED(segment); }

/* What it does for a thread without a heap, which never comes here. */
void* _mi_os_alloc(size_t size, mi_stats_t* stats) {
  MI_UNUSED(size), MI_UNUSED(stats);
  return NULL;
}
void _mi_os_free(void* start, size_t size, mi_stats_t* stats) {
  MI_UNUSED(start), MI_UNUSED(size), MI_UNUSED(stats);
}
void _mi_os_init(void) {}
void mi_stats_reset(void) {}
void _mi_random_init(mi_random_ctx_t* context) { MI_UNUSED(context); }
void _mi_random_split(mi_random_ctx_t* context, mi_random_ctx_t* other) {
  MI_UNUSED(context), MI_UNUSED(other);
}
/* For the marks of links, which this configuration of it has not. */
uintptr_t _mi_random_next(mi_random_ctx_t* context) {
  MI_UNUSED(context);
  return 1;
}

/* --- time, options, statistics, messages ------------------------------------------ */

/* Time stands still, so that nothing goes back for time's sake: see give_back(). An image
   need not have a clock for its heap. */
mi_msecs_t _mi_clock_now(void) { return 1; }

long mi_option_get(mi_option_t option) {
  switch (option) {
    case mi_option_allow_decommit:
    case mi_option_decommit_delay:
      return 1;
    case mi_option_max_segment_reclaim:
      return 8;
    default:
      return 0;
  }
}
long mi_option_get_clamp(mi_option_t option, long least, long most) {
  const long value = mi_option_get(option);
  return value < least ? least : value > most ? most : value;
}
bool mi_option_is_enabled(mi_option_t option) { return mi_option_get(option) != 0; }

void _mi_stat_increase(mi_stat_count_t* stat, size_t amount) { MI_UNUSED(stat), MI_UNUSED(amount); }
void _mi_stat_decrease(mi_stat_count_t* stat, size_t amount) { MI_UNUSED(stat), MI_UNUSED(amount); }
void _mi_stat_counter_increase(mi_stat_counter_t* stat, size_t amount) {
  MI_UNUSED(stat), MI_UNUSED(amount);
}
void _mi_stats_done(mi_stats_t* stats) { MI_UNUSED(stats); }

/* Running out of memory is said by a null. */
void _mi_error_message(int error, const char* format, ...) {
  MI_UNUSED(format);
  if (error != ENOMEM && error != EOVERFLOW) atoll_mi_misused();
}
void _mi_warning_message(const char* format, ...) { MI_UNUSED(format); }
void _mi_verbose_message(const char* format, ...) { MI_UNUSED(format); }
