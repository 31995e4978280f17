// SPDX-License-Identifier: Apache-2.0
// Every fault of every kind of file, put in place of a good one while calls come in: no reply
// fails, none is another than before, and each fault is in the log once, with file and line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "tests/data/file_faults.h"
#include "tests/httpd/http_client.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

constexpr const char* kAllFiles = R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher On ")" PLIVO_DIALD_PROGRAM R"("
PlivoEventSink file "file:${ROOT}/events/all"
PlivoSchedule office Etc/UTC "Mon-Sun 00:00-24:00" except=${ROOT}/conf/except closed=${ROOT}/conf/calendar override=${ROOT}/conf/override
PlivoSignature Off
PlivoPublicURL https://pbx.example.com
<Location "/map">
    SetHandler plivo-dial
    PlivoRouteMap txt:${ROOT}/conf/map
    <PlivoPlan sales>
        PlivoDial +14155550104
    </PlivoPlan>
</Location>
<Location "/list">
    SetHandler plivo-dial
    PlivoDenyFrom file:${ROOT}/conf/list action=busy
    PlivoDial +14155550100
</Location>
<Location "/hours">
    SetHandler plivo-dial
    PlivoDial +14155550101 when=office
    PlivoDial +14155550102 when=!office
</Location>
<Location "/xml">
    SetHandler plivo-dial
    PlivoXML ${ROOT}/conf/xml
</Location>
)";

const std::map<std::string, std::string> kGoodFiles = {
    {"map", "+14155550199 +14155550103\n"},
    {"list", "+14155550111\n"},
    {"except", "2000-01-01 closed\n"},
    {"calendar",
     "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
     "DTSTAMP:20200101T000000Z\r\nDTSTART:20200101T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
     "END:VCALENDAR\r\n"},
    {"override", "auto\n"},
    {"xml", "<?xml version=\"1.0\"?><Response><Speak>Mine</Speak></Response>"},
};

// What each Location answers as long as the good files hold.
constexpr std::pair<const char*, const char*> kGoodAnswers[] = {
    {"/map", "<Number>+14155550103</Number>"},
    {"/list", "<Hangup reason=\"busy\"/>"},
    {"/hours", "<Number>+14155550101</Number>"},
    {"/xml", "<Speak>Mine</Speak>"},
};

// Calls to all Locations, one after the other, from several clients, until the end.
class Calls {
 public:
  explicit Calls(int port) {
    for (std::thread& client : clients_) client = std::thread([this, port] { call(port); });
  }
  ~Calls() { stop(); }

  void stop() {
    stopping_ = true;
    for (std::thread& client : clients_) {
      if (client.joinable()) client.join();
    }
  }

  std::size_t count() const { return count_; }
  std::vector<std::string> wrong() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return wrong_;
  }

 private:
  void call(int port) {
    HttpClient client(port);
    while (!stopping_) {
      for (const auto& [path, part] : kGoodAnswers) {
        const HttpReply reply =
            client.post(path,
                        "CallUUID=3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01&Direction=inbound&"
                        "CallStatus=ringing&From=14155550111&To=14155550199");
        ++count_;
        if (reply.status == 200 && reply.body.find(part) != std::string::npos) continue;
        const std::lock_guard<std::mutex> lock(mutex_);
        wrong_.push_back(std::string(path) + " " + std::to_string(reply.status) + " " + reply.body);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> count_ = 0;
  std::mutex mutex_;
  std::vector<std::string> wrong_;
  std::array<std::thread, 3> clients_;
};

class FileFaults : public testing::Test {
 protected:
  void save(const std::string& name, const std::string& content) {
    server_.files().write_file("conf/new-" + name, content, 0644);
    std::filesystem::rename(server_.root() + "/conf/new-" + name, server_.root() + "/conf/" + name);
  }

  // Whether a line of the log names the file, the place in it, and what is wrong.
  bool is_told(const FileFaultCase& fault) const {
    const std::string file = server_.root() + "/conf/" + fault.kind;
    const std::string log = server_.error_log();
    for (std::size_t at = log.find(file); at != std::string::npos; at = log.find(file, at + 1)) {
      std::string line = log.substr(at, log.find('\n', at) - at);
      std::erase_if(line, [](char c) { return c == '"' || c == '\''; });
      if (line.starts_with(file + fault.place) && line.find(fault.words) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  // What is said of files more than once.
  std::vector<std::string> lines_told_again() const {
    std::set<std::string> known;
    std::vector<std::string> again;
    std::istringstream log(server_.error_log());
    for (std::string line; std::getline(log, line);) {
      const std::size_t id = line.find("PD0");
      const bool is_of_file =
          line.find("/conf/") != std::string::npos && line.find("PD0104") > line.size();
      if (id == std::string::npos || !is_of_file) continue;
      if (!known.insert(line.substr(id)).second) again.push_back(line);
    }
    return again;
  }

  // Puts one after the other in place, each once the log has told of the one before.
  void swap_in(const std::vector<const FileFaultCase*>& faults) {
    for (const FileFaultCase* fault : faults) {
      save(fault->kind, fault->content);
      const bool told = wait_for([&] { return is_told(*fault); }, std::chrono::seconds(40));
      if (!told) ADD_FAILURE() << fault->name << " is not told";
    }
    save(faults.front()->kind, kGoodFiles.at(faults.front()->kind));
  }

  HttpdServer server_;
};

TEST_F(FileFaults, SwappedInUnderLoadChangeNothingButTheLog) {
  for (const auto& [name, content] : kGoodFiles) save(name, content);
  server_.allow_log("PD0614: ");
  server_.allow_log("PD0303: ");
  server_.allow_log("PD0304: ");
  ASSERT_TRUE(server_.start(kAllFiles));
  std::map<std::string, std::vector<const FileFaultCase*>> by_kind;
  for (const FileFaultCase& fault : kFileFaults) by_kind[fault.kind].push_back(&fault);
  ASSERT_EQ(by_kind.size(), kGoodFiles.size());
  Calls calls(server_.port());
  std::vector<std::thread> people;
  for (const auto& [kind, faults] : by_kind) {
    people.emplace_back([this, &faults = faults] { swap_in(faults); });
  }
  for (std::thread& one : people) one.join();
  calls.stop();
  EXPECT_THAT(calls.wrong(), testing::IsEmpty());
  EXPECT_GT(calls.count(), std::size(kFileFaults)) << "calls came in all the time";
  EXPECT_THAT(lines_told_again(), testing::IsEmpty());
}

}  // namespace
}  // namespace plivo_dial::test
