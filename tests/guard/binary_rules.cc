// SPDX-License-Identifier: Apache-2.0
#include "tests/guard/binary_rules.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace plivo_dial::test {
namespace {

// One line of nm: the value is missing for undefined symbols.
struct Symbol {
  char type = '?';
  std::string name;     // without version
  std::string version;  // "GLIBC_2.34", "" without
};

std::vector<Symbol> read_symbols(std::string_view nm) {
  std::vector<Symbol> symbols;
  std::istringstream lines{std::string(nm)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::vector<std::string> words;
    for (std::string word; fields >> word;) words.push_back(word);
    if (words.size() < 2) continue;
    Symbol symbol;
    symbol.type = words[words.size() - 2].back();
    symbol.name = words.back().substr(0, words.back().find('@'));
    const std::size_t version = words.back().rfind('@');
    if (version != std::string::npos) symbol.version = words.back().substr(version + 1);
    symbols.push_back(symbol);
  }
  return symbols;
}

bool is_allowed_import(const Symbol& symbol) {
  static const std::regex kVersions("(GLIBC|GLIBCXX|CXXABI|GCC|LIBXML2|OPENSSL)_.*");
  static const std::regex kNames(
      "(ap|apr|xml)_?.*|_ITM_(de)?registerTMCloneTable|__gmon_start__|"
      "__(asan|ubsan|tsan|sanitizer|interceptor|gcov)_.*");
  return std::regex_match(symbol.version, kVersions) || std::regex_match(symbol.name, kNames);
}

bool registers_destructors(const std::string& name) {
  return name == "__cxa_atexit" || name == "__cxa_thread_atexit" ||
         name == "__cxa_thread_atexit_impl" || name == "atexit";
}

}  // namespace

std::vector<std::string> wrong_exports(std::string_view nm) {
  std::vector<std::string> wrong;
  bool has_module = false;
  for (const Symbol& symbol : read_symbols(nm)) {
    if (symbol.name == "plivo_dial_module") {
      has_module = true;
    } else {
      wrong.push_back(symbol.name);
    }
  }
  if (!has_module) wrong.push_back("plivo_dial_module is not exported");
  return wrong;
}

std::vector<std::string> pinning_symbols(std::string_view nm) {
  std::vector<std::string> wrong;
  for (const Symbol& symbol : read_symbols(nm)) {
    const bool constructs = symbol.name.find("_GLOBAL__sub_I_") != std::string::npos ||
                            symbol.name.find("_GLOBAL__sub_D_") != std::string::npos ||
                            symbol.name.find("__static_initialization") != std::string::npos;
    if (symbol.type == 'u' || constructs) wrong.push_back(symbol.name);
  }
  return wrong;
}

std::vector<std::string> wrong_imports(std::string_view nm) {
  std::vector<std::string> wrong;
  for (const Symbol& symbol : read_symbols(nm)) {
    if (!is_allowed_import(symbol) || registers_destructors(symbol.name)) {
      wrong.push_back(symbol.name);
    }
  }
  return wrong;
}

std::vector<std::string> wrong_libraries(std::string_view readelf) {
  static const std::regex kNeeded("\\(NEEDED\\).*\\[([^\\]]+)\\]");
  static const std::regex kAllowed(
      "(libxml2|libcrypto|libstdc\\+\\+|libm|libgcc_s|libc|ld-linux[^.]*)\\.so.*");
  std::vector<std::string> wrong;
  std::istringstream lines{std::string(readelf)};
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, kNeeded)) continue;
    const std::string library = match[1].str();
    if (!std::regex_match(library, kAllowed)) wrong.push_back(library);
  }
  return wrong;
}

}  // namespace plivo_dial::test
