// File: mod_plivo_dial/guard.h
//
// The border between httpd's C and our C++. An exception that leaves a callback kills the child
// with all its connections, so the body of every function whose address httpd or APR receives is
// one call of guard(). pool_new gives C++ objects the life of a pool.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <apr_pools.h>

#include <exception>
#include <new>
#include <utility>

namespace plivo_dial {

// Writes one line at level crit (never throws): which callback failed, and why. In guard.cc.
void log_guarded_failure(const char* where, const char* what) noexcept;

// Runs `body` and returns its value; whatever it throws is logged and becomes `failure`.
template <class T, class Body>
T guard(const char* where, T failure, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const std::bad_alloc&) {
    log_guarded_failure(where, "out of memory");
  } catch (const std::exception& exception) {
    log_guarded_failure(where, exception.what());
  } catch (...) {
    log_guarded_failure(where, "unknown exception");
  }
  return failure;
}

// Constructs a T that lives as long as `pool`. The cleanup is registered after the construction,
// so a constructor that throws leaves nothing behind.
template <class T, class... Args>
T* pool_new(apr_pool_t* pool, Args&&... args) {
  T* object = new (apr_palloc(pool, sizeof(T))) T(std::forward<Args>(args)...);
  apr_pool_cleanup_register(
      pool, object,
      [](void* data) noexcept -> apr_status_t {
        static_cast<T*>(data)->~T();
        return APR_SUCCESS;
      },
      apr_pool_cleanup_null);
  return object;
}

}  // namespace plivo_dial
