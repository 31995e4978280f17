// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/plivo_sdk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;

const std::string kDirectory = PLIVO_SDK_DIRECTORY;

// Held by one process at a time.
class InstallLock {
 public:
  InstallLock() : file_(open((kDirectory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    if (file_ < 0 || flock(file_, LOCK_EX) != 0) {
      throw std::runtime_error("no lock in " + kDirectory);
    }
  }
  ~InstallLock() { close(file_); }
  InstallLock(const InstallLock&) = delete;
  InstallLock& operator=(const InstallLock&) = delete;

 private:
  int file_;
};

// With our own environment: npm and Node.js take their settings from it.
CommandResult run(std::vector<std::string> arguments) {
  Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), "/usr/bin/env");
  for (char** entry = environ; *entry != nullptr; ++entry) command.environment.push_back(*entry);
  return run_command(command);
}

// The first of npm's lines that speak of the error, without the rest of its advice.
std::string reason_in(const std::string& output) {
  constexpr std::size_t kMostLines = 3;
  std::string reason;
  std::size_t count = 0;
  std::istringstream lines(output);
  for (std::string line; count < kMostLines && std::getline(lines, line);) {
    if (!line.starts_with("npm error") && !line.starts_with("npm ERR!")) continue;
    reason += (count++ == 0 ? "" : "; ") + line;
  }
  return reason.empty() ? output.substr(0, 200) : reason;
}

std::string install_by_npm() {
  for (const char* program : {"node", "npm"}) {
    if (run({program, "--version"}).exit_code != 0) {
      return std::string("there is no ") + program + " on the PATH";
    }
  }
  const std::string package = std::string("plivo@") + PlivoSdk::kVersion;
  const CommandResult result =
      run({"npm", "install", "--prefix", kDirectory, "--no-audit", "--no-fund", "--ignore-scripts",
           "--fetch-retries=0", "--fetch-timeout=30000", package});
  if (result.exit_code == 0) return "";
  return "npm could not install " + package + ": " + reason_in(result.output);
}

// The JSON lines that a script prints.
std::vector<json> answers_of(std::vector<std::string> command) {
  const CommandResult result = run(std::move(command));
  if (result.exit_code != 0) throw std::runtime_error("the SDK failed: " + result.output);
  std::vector<json> answers;
  std::istringstream output(result.output);
  for (std::string line; std::getline(output, line);) answers.push_back(json::parse(line));
  return answers;
}

// What the SDK answers to each of `requests`.
std::vector<json> ask(const std::string& action, const std::vector<SdkRequest>& requests,
                      const std::string& directory) {
  const std::string file = directory + "/sdk-requests.json";
  std::ofstream lines(file);
  for (const SdkRequest& request : requests) {
    lines << json{{"method", request.method}, {"url", request.url},
                  {"params", request.params}, {"nonce", request.nonce},
                  {"token", request.token},   {"signature", request.signature}}
          << '\n';
  }
  lines.close();
  const std::vector<json> answers =
      answers_of({"node", "--no-warnings", PLIVO_SDK_SCRIPT, kDirectory, action, file});
  if (answers.size() != requests.size()) {
    throw std::runtime_error("the SDK answered " + std::to_string(answers.size()) + " of " +
                             std::to_string(requests.size()) + " requests");
  }
  return answers;
}

}  // namespace

std::string PlivoSdk::install() {
  std::filesystem::create_directories(kDirectory);
  const InstallLock lock;
  const std::string installed = kDirectory + "/installed-" + kVersion;
  if (std::filesystem::exists(installed)) return "";
  const std::string reason = install_by_npm();
  if (reason.empty()) std::ofstream(installed) << "complete\n";
  return reason;
}

std::vector<std::string> PlivoSdk::sign(const std::vector<SdkRequest>& requests,
                                        const std::string& directory) {
  std::vector<std::string> signatures;
  for (const json& answer : ask("sign", requests, directory)) {
    signatures.push_back(answer.at("signature").get<std::string>());
  }
  return signatures;
}

std::vector<bool> PlivoSdk::validate(const std::vector<SdkRequest>& requests,
                                     const std::string& directory) {
  std::vector<bool> verdicts;
  for (const json& answer : ask("validate", requests, directory)) {
    verdicts.push_back(answer.at("valid").get<bool>());
  }
  return verdicts;
}

std::vector<SdkDocument> PlivoSdk::documents() {
  std::vector<SdkDocument> documents;
  for (const json& answer :
       answers_of({"node", "--no-warnings", PLIVO_SDK_DOCUMENTS_SCRIPT, kDirectory})) {
    documents.push_back(
        {answer.at("what").get<std::string>(), answer.at("xml").get<std::string>()});
  }
  return documents;
}

}  // namespace plivo_dial::test
