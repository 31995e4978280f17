// File: lib/books/export_store.h
//
// The way back: the store as one of layout 1, for the dispatcher of a version before, which then
// goes on with it as if it had taken the events in.
//
//   const Result<ExportedStore> exported = export_former_store(spool);
//   if (!exported) return exported.error();
//   if (exported->unreadable > 0) tell(exported->unreadable);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lib/base/result.h"

namespace plivo_dial {

struct ExportedStore {
  std::uint64_t events = 0;
  std::uint64_t unreadable = 0;  // events whose segments can't be read any more: left out
  std::uint64_t unfinished = 0;  // of those, ones that a sink has not had
  std::uint64_t keys = 0;        // by which duplicates are known
};

// Writes it in place of `<spool>/dispatch/queue.db`, in one step; the store as it was is named
// queue.db.layout-2 from then on. Duplicates are known of events whose segments are there. Nobody
// may serve the spool: have its SpoolLock. An error leaves the store as it is.
Result<ExportedStore> export_former_store(const std::string& spool);

}  // namespace plivo_dial
