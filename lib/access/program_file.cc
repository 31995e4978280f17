// SPDX-License-Identifier: Apache-2.0
#include "lib/access/program_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kFirstBytes = 256;                            // that the kernel looks at
constexpr std::array<const char*, 2> kPath = {"/usr/bin", "/bin"};  // that hooks get

// The first bytes of the file, or nothing when it can't be read.
std::optional<std::string> first_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes(kFirstBytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

bool is_text(std::string_view bytes) {
  return std::ranges::none_of(bytes, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
}

std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

// Takes the first word off `rest`.
std::string_view first_word(std::string_view& rest) {
  rest = without_leading_blanks(rest);
  const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
  rest.remove_prefix(word.size());
  return word;
}

bool is_on_path(std::string_view name) {
  return std::ranges::any_of(kPath, [&](const char* directory) {
    struct stat status {};
    return stat((std::string(directory) + "/" + std::string(name)).c_str(), &status) == 0;
  });
}

Error program_error(const std::string& path, const std::string& what) {
  return Error{"program '" + path + "' " + what};
}

// `rest` is what stands behind "#!/usr/bin/env".
Result<void> check_env(const std::string& path, std::string_view rest) {
  const std::string_view name = first_word(rest);
  const bool plain =
      !name.empty() && name.front() != '-' && name.find_first_of("/=") == std::string_view::npos;
  if (!plain || is_on_path(name)) return {};
  return program_error(path, "begins with #!/usr/bin/env " + std::string(name) +
                                 ", and the PATH of hooks, /usr/bin:/bin, has no " +
                                 std::string(name) +
                                 "; install it, or write its absolute path behind #!");
}

Result<void> check_interpreter(const std::string& path, std::string_view line,
                               const Identity& identity) {
  std::string_view rest = line.substr(2);
  const std::string interpreter(first_word(rest));
  if (interpreter.empty()) {
    return program_error(path, "has nothing behind #!; write its interpreter, such as #!/bin/sh");
  }
  if (interpreter.front() != '/') {
    return program_error(path,
                         "begins with #!" + interpreter +
                             ", which is no absolute path; write it in full, such as #!/bin/sh");
  }
  struct stat status {};
  if (stat(interpreter.c_str(), &status) != 0) {
    return program_error(path, "begins with #!" + interpreter + ": " + std::strerror(errno) +
                                   "; install it, or correct that line");
  }
  if (Result<void> may = may_execute(interpreter, identity); !may) return may;
  return interpreter == "/usr/bin/env" ? check_env(path, rest) : Result<void>();
}

Result<void> check_script(const std::string& path, std::string_view line,
                          const Identity& identity) {
  if (line.ends_with('\r')) {
    return program_error(
        path, "has CR LF behind its line " + std::string(line.substr(0, line.size() - 1)) +
                  ", and no interpreter is called so; write its lines as Unix has them: "
                  "sed -i 's/[[:cntrl:]]$//' '" +
                  path + "'");
  }
  if (Result<void> found = check_interpreter(path, line, identity); !found) return found;
  return may_read(path, identity);
}

}  // namespace

Result<void> check_program_file(const std::string& path, const Identity& identity) {
  const std::optional<std::string> bytes = first_bytes(path);
  if (!bytes) return {};
  const std::string_view start = *bytes;
  if (start.empty()) return program_error(path, "is empty, and the kernel can't start it");
  if (start.starts_with("#!")) {
    return check_script(path, start.substr(0, start.find('\n')), identity);
  }
  if (!is_text(start)) return {};
  const bool marked = start.starts_with("\xEF\xBB\xBF");
  return program_error(
      path, std::string(marked ? "begins with a byte order mark" : "does not begin with #!") +
                ", and the kernel can't start it (Exec format error); " +
                (marked ? "save it as UTF-8 without it"
                        : "write its interpreter into line 1, such as #!/bin/sh"));
}

}  // namespace plivo_dial
