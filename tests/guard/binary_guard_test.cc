// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/guard/binary_rules.h"
#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What `program` says about the module.
std::string ask(const std::vector<std::string>& program) {
  Command command;
  command.arguments = program;
  command.arguments.push_back(PLIVO_DIAL_MODULE);
  command.environment = {"LC_ALL=C"};
  const CommandResult result = run_command(command);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_NE(result.output, "");
  return result.output;
}

bool is_sanitized() {
  return std::string_view(SANITIZERS) != "";
}

TEST(ModuleGuard, ExportsOneSymbol) {
  EXPECT_THAT(wrong_exports(ask({NM_PROGRAM, "-D", "--defined-only"})), IsEmpty());
}

TEST(ModuleGuard, CanBeUnloaded) {
  if (is_sanitized()) GTEST_SKIP() << "sanitizers add constructors of their own";
  EXPECT_THAT(pinning_symbols(ask({NM_PROGRAM})), IsEmpty());
}

TEST(ModuleGuard, ImportsOnlyFromItsLibraries) {
  if (is_sanitized()) GTEST_SKIP() << "sanitizers import functions of their own";
  EXPECT_THAT(wrong_imports(ask({NM_PROGRAM, "-D", "--undefined-only"})), IsEmpty());
}

TEST(ModuleGuard, NeedsOnlyItsLibraries) {
  if (is_sanitized()) GTEST_SKIP() << "sanitizers are libraries of their own";
  EXPECT_THAT(wrong_libraries(ask({READELF_PROGRAM, "-d"})), IsEmpty());
}

TEST(ModuleGuard, LoadsWithNothingElse) {
  HttpdServer server;
  const CommandResult result = server.configtest("");
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("Syntax OK"));
}

TEST(ExportRule, OtherNamesAreSeen) {
  EXPECT_THAT(wrong_exports("0000000000004000 D plivo_dial_module\n"), IsEmpty());
  EXPECT_THAT(wrong_exports("0000000000004000 D plivo_dial_module\n"
                            "0000000000001000 T helper\n"
                            "0000000000001000 W _ZNSt6vectorIiE@@V1\n"),
              ElementsAre("helper", "_ZNSt6vectorIiE"));
  EXPECT_THAT(wrong_exports(""), ElementsAre(HasSubstr("not exported")));
}

TEST(PinRule, UniqueSymbolsAndConstructorsAreSeen) {
  EXPECT_THAT(pinning_symbols("0000000000004000 t frame_dummy\n0000000000004000 b table\n"),
              IsEmpty());
  EXPECT_THAT(pinning_symbols("0000000000004000 u _ZZNSt19_Sp_make_shared_tag5_S_tiEvE5__tag\n"
                              "0000000000001000 t _GLOBAL__sub_I_url.cc\n"),
              ElementsAre(HasSubstr("make_shared"), "_GLOBAL__sub_I_url.cc"));
}

TEST(ImportRule, StrangersAndDestructorsAreSeen) {
  EXPECT_THAT(wrong_imports("                 U ap_rputs\n"
                            "                 U apr_palloc\n"
                            "                 U memcpy@GLIBC_2.14\n"
                            "                 U _ZdlPvm@CXXABI_1.3.9\n"
                            "                 U xmlNewTextWriterMemory@LIBXML2_2.6.0\n"
                            "                 U HMAC@OPENSSL_3.0.0\n"
                            "                 w __gmon_start__\n"),
              IsEmpty());
  EXPECT_THAT(wrong_imports("                 U curl_easy_init@CURL_OPENSSL_4\n"
                            "                 U forgotten_function\n"
                            "                 U __cxa_thread_atexit@CXXABI_1.3.7\n"),
              ElementsAre("curl_easy_init", "forgotten_function", "__cxa_thread_atexit"));
}

TEST(LibraryRule, OtherLibrariesAreSeen) {
  EXPECT_THAT(wrong_libraries(" 0x0001 (NEEDED)  Shared library: [libxml2.so.2]\n"
                              " 0x0001 (NEEDED)  Shared library: [libcrypto.so.3]\n"
                              " 0x0001 (NEEDED)  Shared library: [libstdc++.so.6]\n"),
              IsEmpty());
  EXPECT_THAT(wrong_libraries(" 0x0001 (NEEDED)  Shared library: [libsqlite3.so.0]\n"
                              " 0x0001 (NEEDED)  Shared library: [libcurl.so.4]\n"),
              ElementsAre("libsqlite3.so.0", "libcurl.so.4"));
}

}  // namespace
}  // namespace plivo_dial::test
