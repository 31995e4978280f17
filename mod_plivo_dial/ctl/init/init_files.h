// File: mod_plivo_dial/ctl/init/init_files.h
//
// New files that are there whole or not at all, and that go again when a later step fails. Use
// NewFile for several files of which none may stay alone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

// One file on its way to its place. What was not kept is undone when the object goes: the file is
// removed, or the one that it replaced comes back, and a directory that was made for it goes.
class NewFile {
 public:
  struct Wanted {
    std::string path;  // absolute
    mode_t mode = 0644;
    mode_t directory_mode = 0755;  // of the directory, when it has to be made
    bool replace = false;          // whether a file that is there may be replaced
    bool keep_former = false;      // whether it stays, under former_name() of its path
  };

  // Writes `content` beside its place and to the disk. Fails when a file is there already that may
  // not be replaced, and when the directory above the file's own is missing; errors name the
  // remedy, and never the content.
  static Result<NewFile> write(Wanted wanted, std::string_view content);

  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  // Puts it into its place, in one step. Fails when another file has come there in the meantime.
  Result<void> publish();

  // Nothing is undone any more. Whether a former file stayed.
  bool keep();

  // httpd, whose patterns end in .conf, does not read a configuration under this name.
  static std::string former_name(const std::string& path) { return path + ".bak"; }

 private:
  explicit NewFile(Wanted wanted) : wanted_(std::move(wanted)) {}

  Result<void> make_directory();
  Result<void> write_beside(std::string_view content);
  std::string directory() const;

  Wanted wanted_;
  std::string beside_;  // "" when there is none
  std::string former_;  // what was replaced, under another name; "" when nothing was
  bool made_directory_ = false;
  bool published_ = false;
};

// Ok when the directory of the file `path` is there, or can be made below one that is.
Result<void> check_directory_above(const std::string& path);

}  // namespace plivo_dial::ctl
