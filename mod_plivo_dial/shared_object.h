// File: mod_plivo_dial/shared_object.h
//
// Memory that all processes of the server share, those of the generations before and behind a
// reload too. Use it for counters and notices, never for what a call depends on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <apr_shm.h>

#include <new>
#include <string>
#include <type_traits>

#include "lib/base/layout_name.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// The T called `name`, made in `process_pool` or found there, if one of this layout was left there
// (layout_name.h). Without shared memory each child has a copy of its own. In the parent, before
// children are forked.
template <class T>
T* shared_object(apr_pool_t* process_pool, const char* name) {
  static_assert(std::is_trivially_destructible_v<T>, "nobody destroys it");
  const std::string key = layout_name<T>(name);
  auto** kept = static_cast<T**>(ap_retained_data_get(key.c_str()));
  if (kept != nullptr) return *kept;
  kept = static_cast<T**>(ap_retained_data_create(key.c_str(), sizeof *kept));
  apr_shm_t* memory = nullptr;
  const bool shared = apr_shm_create(&memory, sizeof(T), nullptr, process_pool) == APR_SUCCESS;
  void* place = shared ? apr_shm_baseaddr_get(memory) : apr_palloc(process_pool, sizeof(T));
  *kept = new (place) T{};
  return *kept;
}

// The same for plain data of the parent alone, zeroed when it is made. `made` says whether it was.
template <class T>
T& retained_object(const char* name, bool* made = nullptr) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
                "it is made of zeroes, and nobody destroys it");
  const std::string key = layout_name<T>(name);
  void* data = ap_retained_data_get(key.c_str());
  if (made != nullptr) *made = data == nullptr;
  if (data == nullptr) data = ap_retained_data_create(key.c_str(), sizeof(T));
  return *static_cast<T*>(data);
}

}  // namespace plivo_dial
