// File: mod_plivo_dial/config/storing_remedy.h
//
// What to do when a process that serves requests can't store an event.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/spool/spool_error.h"

namespace plivo_dial {

// "; " and the end of a sentence: that of ChrootDir or mpm-itk where they may be the cause, else
// that of the error; "" where the error itself has it. From any thread.
std::string storing_remedy(const SpoolError& error);

}  // namespace plivo_dial
