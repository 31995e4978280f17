// File: tests/httpd/manual_blocks.h
//
// The configurations and commands that the manual and README.md show, with what their source says
// about how they are tried. In AsciiDoc:
//   [source,sh,test=run]                          commands, run one block after the other
//   [source,apache,test=config,file=/etc/a.conf]  checked by configtest, and written to that file
//   [source,apache,test=config,modules="proxy"]   with these modules of httpd
//   [source,sh,test=none,because="..."]           not tried, with the reason
//   [source,sh,test=run,first="apachectl graceful"]  commands, behind another one
//   [source,sh,test=mail]  the program that mails missed calls, see missed_call_mail_test.cc
//   [source,sh,test=run,spool=root]  the spool is root's before the page begins
// In README.md the same words stand in a comment above the fence: <!-- test=run -->.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace plivo_dial::test {

struct ManualBlock {
  int line = 0;  // of its first line of text
  std::string language;
  std::map<std::string, std::string> marks;  // "test", "file", "because", ...
  std::string text;

  // The value of a mark, "" when it is not there.
  std::string mark(const std::string& name) const;
};

// The blocks of a page in AsciiDoc or Markdown, in order. A block without a language counts: its
// language is "".
std::vector<ManualBlock> manual_blocks(const std::string& path);

// The paths of all pages: those of mod_plivo_dial/manual, and README.md.
std::vector<std::string> manual_pages();

}  // namespace plivo_dial::test
