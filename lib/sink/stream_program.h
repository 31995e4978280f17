// File: lib/sink/stream_program.h
//
// One instance of a stream sink's program, and the talk with it: rsyslog's omprog confirmation
// protocol, so that programs written for omprog serve here and there. What is done when an instance
// fails is the sink's affair (stream_sink.cc).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/system_file.h"
#include "lib/process/child_process.h"
#include "lib/settings/sink_config.h"
#include "lib/sink/stop.h"

namespace plivo_dial {

// The protocol (rsyslog, plugins/external/INTERFACE.md): the program writes a line `OK` to its
// standard output when it is ready, and then one for each line that it gets on standard input. Any
// other line says that it did not take the event. Dots before the line, each in time, ask for more
// time. It ends at the end of its standard input. Of omprog's transactions there are none.
//
// The first OK is waited for, and not taken for an event's: a program that is still starting must
// not confirm an event that it never saw. For the same reason an instance that says anything but OK
// is not talked to any more, where rsyslog goes on: were it one line ahead, each OK would confirm
// the event before it was taken.
//
// For one thread.
class StreamProgram {
 public:
  // A line that the program wrote to standard error.
  using OnErrorLine = std::function<void(std::string_view)>;

  struct Answer {
    enum class Kind { kOk, kFailed, kSilent, kInterrupted };
    Kind kind = Kind::kOk;
    std::string reason;  // "'/usr/local/bin/hook' exited with 1"; empty for kOk
  };

  // For the argument of end() where nobody waits for the end.
  static constexpr std::chrono::milliseconds kPatienceAtEnd{2000};

  // Starts the program of `sink`.
  StreamProgram(const SinkConfig& sink, OnErrorLine on_error_line);

  // Ends it, without time to end by itself.
  ~StreamProgram();
  StreamProgram(const StreamProgram&) = delete;
  StreamProgram& operator=(const StreamProgram&) = delete;

  // 0, or the errno of why it was not started: then nothing but the destructor may follow.
  int start_error() const { return start_error_; }
  int limits_error() const { return process_ ? process_->start().limits_error : 0; }

  // Waits for the first OK, for the time that `sink` says. Here and below any other answer than kOk
  // means that the program has been ended; it may take 2 s longer.
  Answer wait_until_ready(const Stop& stop);

  // Hands `line`, which ends in its only newline, over and waits for the OK. Neither a program that
  // reads nothing nor one that does not answer can make it wait longer than `sink` says.
  Answer hand_over(std::string_view line, const Stop& stop);

  // Looks after it between two events: reads what it wrote to standard error, and notices that it
  // has ended or says what nobody asked for, which is the answer then.
  Answer look_after();

  // Closes its standard input, gives it `patience` to end by itself, then SIGTERM, 2 s later
  // SIGKILL, and to all that stems from it. Returns how it ended.
  std::string end(std::chrono::milliseconds patience);

 private:
  using Time = Stop::Clock::time_point;

  Answer exchange(std::string_view line, const Stop& stop);
  std::optional<Answer> take_answer(bool sent, Time* deadline);
  void wait(bool to_write, std::chrono::milliseconds longest);
  void write_some(std::string_view* rest);
  void read_output();
  void read_errors(bool to_the_end);
  void wait_for_end(std::chrono::milliseconds longest);
  Answer failed(Answer::Kind kind, const std::string& what);

  const SinkConfig sink_;
  const OnErrorLine on_error_line_;
  int start_error_ = 0;
  Descriptor input_;   // the program's standard input; -1: it closed it
  Descriptor output_;  // -1: it closed it
  Descriptor errors_;
  std::unique_ptr<ChildProcess> process_;  // null: not started, or ended
  std::string said_;                       // on standard output, and not looked at yet
  std::string error_line_;                 // that has no end yet
};

}  // namespace plivo_dial
