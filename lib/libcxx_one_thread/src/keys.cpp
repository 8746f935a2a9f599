// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// pthread_key_create(3p) and its kin for a program that starts no thread: a value for each
// key. Destructors run where a thread ends, and this one never does: exit() ends the image.

#include <pthread.h>
#include <array>
#include <cerrno>

namespace {

struct Key {
  bool is_used;
  void* value;
};

constinit std::array<Key, 128> keys{};  // _POSIX_THREAD_KEYS_MAX of <limits.h>

bool is_valid(pthread_key_t key) { return key < keys.size() && keys[key].is_used; }

}  // namespace

extern "C" {

int pthread_key_create(pthread_key_t* key, void (*)(void*)) {
  for (pthread_key_t at = 0; at < keys.size(); ++at) {
    if (keys[at].is_used) continue;
    keys[at] = {true, nullptr};
    *key = at;
    return 0;
  }
  return EAGAIN;
}

int pthread_key_delete(pthread_key_t key) {
  if (!is_valid(key)) return EINVAL;
  keys[key] = {};
  return 0;
}

int pthread_setspecific(pthread_key_t key, const void* value) {
  if (!is_valid(key)) return EINVAL;
  keys[key].value = const_cast<void*>(value);
  return 0;
}

void* pthread_getspecific(pthread_key_t key) { return is_valid(key) ? keys[key].value : nullptr; }

}  // extern "C"
