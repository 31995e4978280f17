// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/writer_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

extern char** environ;

namespace plivo_dial::test {
namespace {

template <class Condition>
bool eventually(std::chrono::seconds patience, const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return condition();
}

// Ids are never used twice in a test program, so that several writers may share a spool.
std::uint64_t next_first_id() {
  static std::uint64_t next = 0;
  return next += 1'000'000'000'000;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_for(const std::string& spool, const DiskRules& rules,
                                         const std::string& call_log) {
  std::vector<std::string> variables;
  for (char** one = environ; *one != nullptr; ++one) {
    if (!std::string_view(*one).starts_with("LD_PRELOAD=")) variables.emplace_back(*one);
  }
  variables.push_back("LD_PRELOAD=" + preload_of_disk_shim());
  variables.push_back("PLIVO_FAULT_BELOW=" + spool);
  variables.push_back("PLIVO_FAULT_RULES=" + rules.path());
  if (!call_log.empty()) variables.push_back("PLIVO_FAULT_LOG=" + call_log);
  return variables;
}

bool is_ours(const Ack& ack, std::uint64_t first_id) {
  return ack.id >= first_id && ack.id < first_id + 1'000'000'000'000;
}

}  // namespace

std::string preload_of_disk_shim() {
  const std::string first = SANITIZER_LIBRARY;
  return first.empty() ? DISK_SHIM_FILE : first + ":" DISK_SHIM_FILE;
}

void DiskRules::set(const std::string& rules) const {
  std::ofstream(path_ + ".new") << rules;
  std::filesystem::rename(path_ + ".new", path_);
}

WriterProcess::WriterProcess(const std::string& spool, const std::string& scratch,
                             const WriterOptions& options, bool log_calls)
    : rules_(scratch + "/rules"), log_(scratch + "/acks"), first_id_(next_first_id()) {
  std::vector<std::string> arguments = {SPOOL_WRITER_FILE,
                                        spool,
                                        scratch + "/acks",
                                        std::to_string(options.threads),
                                        std::to_string(options.size),
                                        std::to_string(options.patience.count()),
                                        std::to_string(options.min_free),
                                        std::to_string(first_id_)};
  std::vector<std::string> variables =
      environment_for(spool, rules_, log_calls ? scratch + "/calls" : "");
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipe";
    return;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  const int error = posix_spawn(&pid_, SPOOL_WRITER_FILE, &actions, nullptr,
                                pointers_to(arguments).data(), pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  standard_input_ = ends[1];
  EXPECT_EQ(error, 0) << SPOOL_WRITER_FILE;
}

WriterProcess::~WriterProcess() {
  kill();
  close(standard_input_);
}

int WriterProcess::stop() {
  close(standard_input_);
  standard_input_ = -1;
  return reap();
}

int WriterProcess::kill() {
  if (status_ < 0 && pid_ > 0) ::kill(pid_, SIGKILL);
  return reap();
}

int WriterProcess::wait() {
  const bool dead = eventually(std::chrono::seconds(30), [this] {
    siginfo_t state{};
    waitid(P_PID, static_cast<id_t>(pid_), &state, WEXITED | WNOWAIT | WNOHANG);
    return state.si_pid == pid_;
  });
  return dead ? reap() : 0;
}

int WriterProcess::reap() {
  int status = 0;
  if (status_ < 0 && pid_ > 0 && waitpid(pid_, &status, 0) == pid_) {
    status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return status_;
}

std::vector<Ack> WriterProcess::acks() const {
  std::vector<Ack> acks = log_.read();
  std::erase_if(acks, [this](const Ack& ack) { return !is_ours(ack, first_id_); });
  return acks;
}

std::size_t WriterProcess::accepted() const {
  const std::vector<Ack> all = acks();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const Ack& ack) { return ack.accepted; }));
}

bool WriterProcess::accepts(std::size_t count, std::size_t before) const {
  return eventually(std::chrono::seconds(60), [&] { return accepted() >= before + count; });
}

bool WriterProcess::refuses(SpoolFailure failure) const {
  return eventually(std::chrono::seconds(60), [&] {
    const std::vector<Ack> all = acks();
    return std::any_of(all.begin(), all.end(), [failure](const Ack& ack) {
      return !ack.accepted && ack.failure == failure;
    });
  });
}

bool WriterProcess::accepts_no_more(SpoolFailure failure) const {
  constexpr std::ptrdiff_t kLast = 50;
  return eventually(std::chrono::seconds(60), [&] {
    const std::vector<Ack> all = acks();
    return std::ssize(all) >= kLast &&
           std::all_of(all.end() - kLast, all.end(), [failure](const Ack& ack) {
             return !ack.accepted && ack.failure == failure;
           });
  });
}

SpoolContents read_spool(const std::string& spool) {
  SpoolContents contents;
  const Result<std::vector<std::string>> names = list_segments(spool);
  EXPECT_TRUE(names.ok()) << names.error().message;
  if (!names) return contents;
  for (const std::string& name : *names) {
    Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(spool + "/in/" + name);
    EXPECT_TRUE(reader.ok()) << reader.error().message;
    if (!reader) continue;
    Result<SegmentScan> scan = (*reader)->scan(0);
    EXPECT_TRUE(scan.ok()) << scan.error().message;
    if (!scan) continue;
    ++contents.segments;
    contents.bad_ranges.insert(contents.bad_ranges.end(), scan->bad_ranges.begin(),
                               scan->bad_ranges.end());
    for (const SegmentFrame& frame : scan->frames) {
      const std::size_t space = frame.payload.find(' ');
      EXPECT_EQ(frame.payload.find_first_not_of('.', space + 1), std::string::npos)
          << name << " has at " << frame.offset << " what no writer wrote";
      ++contents.events[std::stoull(frame.payload)];
    }
  }
  return contents;
}

void expect_all_there(const std::vector<Ack>& acks, const SpoolContents& contents,
                      std::int64_t until_ns) {
  EXPECT_EQ(count_lost(acks, contents, until_ns), 0u) << "of " << acks.size();
  for (const auto& [id, count] : contents.events) EXPECT_EQ(count, 1) << id;
}

std::size_t count_lost(const std::vector<Ack>& acks, const SpoolContents& contents,
                       std::int64_t until_ns) {
  return static_cast<std::size_t>(std::count_if(acks.begin(), acks.end(), [&](const Ack& ack) {
    return ack.accepted && ack.ended_ns < until_ns && !contents.events.contains(ack.id);
  }));
}

}  // namespace plivo_dial::test
