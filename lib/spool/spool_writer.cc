// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_writer.h"

#include <unistd.h>

#include <exception>

#include "lib/spool/group_commit.h"
#include "lib/spool/segment_maker.h"
#include "lib/spool/segment_name.h"

namespace plivo_dial {

struct SpoolWriter::Threads {
  Threads(const std::string& spool_directory, const std::string& name_prefix,
          const SpoolOptions& options)
      : maker(spool_directory, name_prefix, options.min_free),
        commit(maker, spool_directory,
               {options.sync_timeout / 2, options.most_waiting_for_stalled_disk,
                options.stall_notice}) {}

  void start() {
    maker.start();
    try {
      commit.start();
    } catch (...) {
      maker.stop();
      throw;
    }
  }

  void stop() {
    commit.stop();
    maker.stop();
  }

  SegmentMaker maker;
  GroupCommit commit;
};

SpoolWriter::SpoolWriter(std::unique_ptr<Threads> threads, std::chrono::milliseconds sync_timeout)
    : pid_(getpid()), sync_timeout_(sync_timeout), threads_(std::move(threads)) {}

Result<std::unique_ptr<SpoolWriter>> SpoolWriter::open(const std::string& spool_directory,
                                                       const SpoolOptions& options) {
  Result<std::string> prefix = segment_name_prefix();
  if (!prefix) return prefix.error();
  std::unique_ptr<SpoolWriter> writer(new SpoolWriter(
      std::make_unique<Threads>(spool_directory, *prefix, options), options.sync_timeout));
  try {
    writer->threads_->start();
  } catch (const std::exception& error) {
    writer->threads_.reset();
    return Error{"cannot start the threads that write '" + spool_directory + "': " + error.what()};
  }
  return writer;
}

SpoolWriter::~SpoolWriter() {
  if (threads_ == nullptr) return;  // they could not be started
  if (getpid() == pid_) {
    threads_->stop();
  } else {
    // There are no such threads in this process, and the destructor of what they wait on would wait
    // for them.
    (void)threads_.release();
  }
}

SpoolResult<void> SpoolWriter::append(std::string_view payload) {
  return append(payload, std::chrono::steady_clock::now() + sync_timeout_);
}

SpoolResult<void> SpoolWriter::append(std::string_view payload,
                                      std::chrono::steady_clock::time_point deadline) {
  if (payload.empty() || payload.size() > kMaxSpoolPayload) {
    return SpoolError{
        {"an event of " + std::to_string(payload.size()) +
         " bytes does not fit the spool, which takes 1 to " + std::to_string(kMaxSpoolPayload)},
        SpoolFailure::kUnfit};
  }
  if (getpid() != pid_) {
    return SpoolError{{"the spool was opened by process " + std::to_string(pid_) +
                       "; open one in each process, after its fork"},
                      SpoolFailure::kForkedCopy};
  }
  return threads_->commit.append(payload, deadline);
}

}  // namespace plivo_dial
