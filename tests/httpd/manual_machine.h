// File: tests/httpd/manual_machine.h
//
// A machine to try the manual on: a tree with /etc/apache2, /var/log, /var/lib and /usr/local/bin
// as Debian has them, a real httpd that serves it, and the commands that pages use. Paths and
// addresses of the pages are put into the tree. a2enmod, a2enconf and apachectl are small stand-ins
// that do what Debian's do; packaging/test-deb runs those of the distribution.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/httpd/events.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/manual_blocks.h"

namespace plivo_dial::test {

class ManualMachine {
 public:
  // With the module enabled and serving conf/examples/forward.conf, or, for a page that does all
  // that itself, with the module installed only.
  enum class State { kServing, kEnabled, kInstalled };
  explicit ManualMachine(State state);

  // httpd's verdict on a block as the whole of a site's configuration. What a page takes for
  // granted (the accounts of the synopsis) and what a package brings (spool, dispatcher) is added.
  CommandResult configtest(const ManualBlock& block) const;

  // Puts the text of a block into the file that its mark names.
  void write(const ManualBlock& block);

  // As on a machine whose package knows another user than httpd's. Not before start().
  void give_spool_to_root();

  // Takes away what no package brings: the programs of sinks.
  void remove_sinks_belongings();

  // Starts httpd; returns whether it serves.
  bool start();

  // Runs the commands of a block, all of which must succeed.
  CommandResult run_block(const ManualBlock& block);

  // Runs commands by bash -e, with a token to read on standard input.
  CommandResult run(const std::string& commands);

  // Everything that the commands called logger with.
  std::string logged() const;

  // `text` with its paths and addresses in this tree.
  std::string in_this_tree(std::string text) const;

 private:
  void make_tree();
  void make_commands();

  State state_;
  HttpdServer server_;
  const std::string user_;  // httpd's
  SyslogSocket syslog_;
};

}  // namespace plivo_dial::test
