// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/list.hpp>
#include <atoll/lock.hpp>
#include <atoll/make.hpp>
#include <atoll/mutex.hpp>
#include <atoll/posix/named_semaphore.hpp>
#include <cstring>
#include <new>

namespace atl::posix {
namespace {

/// One that is open, or whose name is known, with its name behind it.
struct Named {
  Named(std::uint32_t value, std::size_t length) : semaphore(value), name_length(length) {}

  [[nodiscard]] char* name_room() { return reinterpret_cast<char*>(this + 1); }
  [[nodiscard]] std::string_view name() { return {name_room(), name_length}; }

  Semaphore semaphore;
  ListHook hook;
  std::size_t name_length;
  std::uint32_t openings = 0;
  bool linked = true;  ///< the name leads to it
};

/// All of them.
class Names {
 public:
  Result<Semaphore*> open(std::string_view name, Opening how, std::uint32_t value) {
    Named* found = find(name);
    if (found != nullptr && how == Opening::kCreateNew) return fail(Errc::kExists);
    if (found == nullptr) {
      if (how == Opening::kExisting) return fail(Errc::kNoEntry);
      found = TRY(make(name, value));
    }
    ++found->openings;
    return &found->semaphore;
  }

  Result<void> close(const Semaphore& semaphore) {
    for (Named& one : all_) {
      if (&one.semaphore != &semaphore || one.openings == 0) continue;
      if (one.openings == 1 && !one.linked) return destroy(one);
      --one.openings;
      return {};
    }
    return fail(Errc::kInvalidArgument);
  }

  Result<void> unlink(std::string_view name) {
    Named* const found = find(name);
    if (found == nullptr) return fail(Errc::kNoEntry);
    found->linked = false;
    return found->openings == 0 ? destroy(*found) : Result<void>{};
  }

 private:
  Named* find(std::string_view name) {
    for (Named& one : all_) {
      if (one.linked && one.name() == name) return &one;
    }
    return nullptr;
  }

  Result<Named*> make(std::string_view name, std::uint32_t value) {
    if (value > Semaphore::kMost) return fail(Errc::kInvalidArgument);
    void* const memory = default_allocator().allocate(sizeof(Named) + name.size(), alignof(Named));
    if (memory == nullptr) return fail(Errc::kNoMemory);
    Named& made = *::new (memory) Named{value, name.size()};
    std::memcpy(made.name_room(), name.data(), name.size());
    all_.push_back(made);
    return &made;
  }

  Result<void> destroy(Named& one) {
    TRY(one.semaphore.destroy());
    all_.remove(one);
    destroy_in(default_allocator(), one);
    return {};
  }

  List<Named, &Named::hook> all_;
};

constinit Locked<Names, atl::Mutex> names;

// Without the slashes in front, which name no folder.
Result<std::string_view> checked(std::string_view name) {
  while (name.starts_with('/')) name.remove_prefix(1);
  if (name.empty() || name.find('/') != name.npos) return fail(Errc::kInvalidArgument);
  if (name.size() > kMostInName) return fail(Errc::kNameTooLong);
  return name;
}

}  // namespace

Result<Semaphore*> open_semaphore(std::string_view name, Opening how, std::uint32_t value) {
  const std::string_view known = TRY(checked(name));
  return names.with([&](Names& all) { return all.open(known, how, value); });
}

Result<void> close_semaphore(Semaphore& semaphore) {
  return names.with([&](Names& all) { return all.close(semaphore); });
}

Result<void> unlink_semaphore(std::string_view name) {
  const std::string_view known = TRY(checked(name));
  return names.with([&](Names& all) { return all.unlink(known); });
}

}  // namespace atl::posix
