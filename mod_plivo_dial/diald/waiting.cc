// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/diald/waiting.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "lib/operators/operator_store.h"
#include "lib/process/process_setup.h"
#include "lib/store/store_file.h"

namespace plivo_dial {

int print_waiting(const std::string& spool) {
  struct stat status {};
  if (stat(spool.c_str(), &status) != 0) return 1;
  if (!take_identity({status.st_uid, status.st_gid, {}})) return 1;
  if (stat(store_path(spool).c_str(), &status) != 0) return errno == ENOENT ? 0 : 1;
  const auto store = OperatorStore::open(spool, Database::Access::kRead);
  if (!store) return 1;
  const Result<StoreStatus> found = (*store)->status();
  if (!found) return 1;
  for (const SinkStatus& sink : found->sinks) {
    if (sink.waiting == 0) continue;
    std::printf("%llu %s\n", static_cast<unsigned long long>(sink.waiting), sink.name.c_str());
  }
  return 0;
}

}  // namespace plivo_dial
