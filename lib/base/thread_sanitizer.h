// File: lib/base/thread_sanitizer.h
//
// Whether this is compiled for ThreadSanitizer, which knows one table of descriptors a process.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {

// GCC says so by a macro, clang by a feature.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitizer = true;
#elif defined(__has_feature)
inline constexpr bool kThreadSanitizer = __has_feature(thread_sanitizer);
#else
inline constexpr bool kThreadSanitizer = false;
#endif

}  // namespace plivo_dial
