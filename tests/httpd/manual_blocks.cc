// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/manual_blocks.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

// Reads "source,sh,test=none,because="a, b"": the part in front, then words and name=value.
void read_marks(const std::string& list, ManualBlock& block) {
  std::size_t place = 0;
  for (int number = 0; place < list.size(); ++number) {
    const std::size_t equals = list.find_first_of("=, ", place);
    const std::string name = list.substr(place, equals - place);
    std::string value;
    place = equals == std::string::npos ? list.size() : equals + 1;
    if (equals != std::string::npos && list[equals] == '=') {
      const bool quoted = place < list.size() && list[place] == '"';
      if (quoted) ++place;
      const std::size_t end =
          std::min(list.find_first_of(quoted ? "\"" : ", ", place), list.size());
      value = list.substr(place, end - place);
      place = std::min(end + (quoted ? 2 : 1), list.size());
    }
    if (name != "source" && name != "sh" && !name.empty() && number > 1) block.marks[name] = value;
    if (number == 1) block.language = name;
  }
}

// A fence's line that opens a block, or "".
std::string fence_of(const std::string& line) {
  if (line == "----") return line;
  return line.starts_with("```") ? "```" : "";
}

class PageReader {
 public:
  explicit PageReader(const std::string& text) : lines_(text) {}

  std::vector<ManualBlock> read() {
    for (std::string line; next(line);) {
      indent_ = line.starts_with("   ") ? 3 : 0;  // in a list of Markdown
      line.erase(0, indent_);
      const std::string fence = fence_of(line);
      if (!fence.empty()) {
        if (fence == "```") next_.language = line.substr(fence.size());
        take_block(fence);
      } else if (line.starts_with("[source")) {
        next_ = {};
        read_marks(line.substr(1, line.size() - 2), next_);
      } else if (line.starts_with("<!-- ")) {
        next_ = {};
        read_marks("source,x," + line.substr(5, line.size() - 9), next_);
      } else if (!line.starts_with('.')) {
        next_ = {};
      }
    }
    return std::move(blocks_);
  }

 private:
  bool next(std::string& line) {
    ++number_;
    return static_cast<bool>(std::getline(lines_, line));
  }

  void take_block(const std::string& fence) {
    next_.line = number_ + 1;
    for (std::string line; next(line);) {
      line.erase(0, std::min(indent_, line.find_first_not_of(' ')));
      if (line == fence) break;
      next_.text += line + "\n";
    }
    blocks_.push_back(std::move(next_));
    next_ = {};
  }

  std::istringstream lines_;
  int number_ = 0;
  std::size_t indent_ = 0;
  ManualBlock next_;
  std::vector<ManualBlock> blocks_;
};

}  // namespace

std::string ManualBlock::mark(const std::string& name) const {
  const auto found = marks.find(name);
  return found == marks.end() ? "" : found->second;
}

std::vector<ManualBlock> manual_blocks(const std::string& path) {
  const std::string text = read_file(path);
  if (text.empty()) throw std::runtime_error("cannot read " + path);
  return PageReader(text).read();
}

std::vector<std::string> manual_pages() {
  std::vector<std::string> pages = {std::string(SOURCE_DIR) + "/README.md"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::string(SOURCE_DIR) + "/mod_plivo_dial/manual")) {
    if (entry.path().extension() == ".adoc") pages.push_back(entry.path());
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

}  // namespace plivo_dial::test
