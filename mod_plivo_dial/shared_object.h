// File: mod_plivo_dial/shared_object.h
//
// Memory that all processes of the server share, those of the generations before and behind a
// reload too. Use it for counters and notices, never for what a call depends on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <apr_shm.h>

#include <new>
#include <type_traits>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// The T called `name`, made in `process_pool` or found there. Without shared memory each child has
// a copy of its own. A new layout of T needs a new name. In the parent, before children are forked.
template <class T>
T* shared_object(apr_pool_t* process_pool, const char* name) {
  static_assert(std::is_trivially_destructible_v<T>, "nobody destroys it");
  auto** kept = static_cast<T**>(ap_retained_data_get(name));
  if (kept != nullptr) return *kept;
  kept = static_cast<T**>(ap_retained_data_create(name, sizeof *kept));
  apr_shm_t* memory = nullptr;
  const bool shared = apr_shm_create(&memory, sizeof(T), nullptr, process_pool) == APR_SUCCESS;
  void* place = shared ? apr_shm_baseaddr_get(memory) : apr_palloc(process_pool, sizeof(T));
  *kept = new (place) T{};
  return *kept;
}

}  // namespace plivo_dial
