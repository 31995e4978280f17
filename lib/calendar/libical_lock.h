// File: lib/calendar/libical_lock.h
//
// libical keeps state of the whole process: how it takes errors, which zones it has read. Who calls
// it holds this lock.
//
//   const MutexLock lock(libical_mutex());
//   prepare_libical();
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/mutex.h"

namespace plivo_dial {

Mutex& libical_mutex();

// Has libical give errors back rather than end the process, and take properties that it does not
// know. Each time, since anybody else in the process may have changed it.
void prepare_libical() PLIVO_REQUIRES(libical_mutex());

}  // namespace plivo_dial
