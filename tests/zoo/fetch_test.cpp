#include "zoo/fetch.h"

#include <gmock/gmock.h>

#include <set>

#include "formats/expect_error.h"
#include "formats/safetensors.h"
#include "formats/sha256.h"
#include "impasto/models.h"
#include "models/synthetic.h"
#include "zoo/cache_fixture.h"
#include "zoo/file_server.h"
#include "zoo/part_file.h"
#include "zoo/zoo.h"

namespace impasto::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Request = FileServer::Request;
using Answer = FileServer::Answer;

const Widths fetched_widths = {{8, 16}, {16}};

std::string network_file() {
  const auto bytes = format_safetensors(synthetic_vgg(fetched_widths, 1));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Checks what every progress has to keep; cancels on request.
class CheckedProgress : public Progress {
 public:
  void report(const ProgressReport& r) override {
    EXPECT_GE(r.fraction, last);
    EXPECT_LE(r.fraction, 1);
    EXPECT_GE(r.remaining, 0);
    last = r.fraction;
  }
  bool cancelled() override { return cancel; }
  double last = 0;
  std::atomic<bool> cancel = false;
};

class Fetch : public WithCache {
 protected:
  void run(const std::string& url) {
    progress.last = 0;
    fetch(tiny, url, progress);
  }
  /// Fetching fails as a network error with `part` in its message.
  void expect_failure(const std::string& url, const std::string& part) {
    expect_error(ErrorCode::network, part, [&] { run(url); });
  }
  void expect_opens() {
    const Network network = open_network("tiny");
    EXPECT_EQ(network.config.widths, fetched_widths);
    EXPECT_EQ(network.graph->named_parameters().at("conv1_1.weight").at(5),
              synthetic_vgg(fetched_widths, 1).at("conv1_1.weight").at(5));
    EXPECT_THAT(cache_content(), ElementsAre("tiny.safetensors"));
  }
  /// What there is of the file.
  std::string part() const {
    for (const std::string& name : cache_content()) {
      if (name.starts_with("tiny.pth.")) return in_cache(name);
    }
    return in_cache("tiny.pth.a1b2c3.part");
  }

  const std::string content = network_file();
  const std::string sha256 = sha256_hex(std::as_bytes(std::span(content)));
  Download tiny{"tiny", "tiny.pth", sha256, content.size(), "a test", "MIT", 1 << 20};
  CheckedProgress progress;
  FileServer good{[this](const Request& r) { return Answer{serve_file(content, r)}; }};
  // Half the file, then the connection ends.
  FileServer breaking{[this](const Request&) {
    std::string answer = response("200 OK", content);
    answer.resize(answer.size() - content.size() / 2);
    return Answer{answer};
  }};
};

TEST_F(Fetch, DownloadsChecksAndConverts) {
  run(good.url());
  expect_opens();
  EXPECT_EQ(progress.last, 1);
  ASSERT_EQ(good.requests().size(), 1u);
  EXPECT_EQ(good.requests()[0].path, "/tiny.pth");
  const ModelInfo info = model_info("tiny");
  EXPECT_EQ(info.place, ModelPlace::cache);
  EXPECT_EQ(info.source, "a test; tiny.pth, SHA-256 " + sha256);
  EXPECT_EQ(info.licence, "MIT");
  EXPECT_EQ(info.convention, "torchvision");
}

TEST_F(Fetch, GoesOnWhereItBroke) {
  const uint64_t half = content.size() - content.size() / 2;
  expect_failure(breaking.url(), "the connection broke");
  EXPECT_TRUE(read(part()) == content.substr(0, half));
  expect_failure(unreachable_url(), "could not reach");  // which keeps it, too
  run(good.url());
  ASSERT_EQ(good.requests().size(), 1u);
  EXPECT_EQ(good.requests()[0].begin, half);
  expect_opens();
}

TEST_F(Fetch, BeginsAgainWhereTheServerHasNoRanges) {
  write(part(), content.substr(0, 1000));
  FileServer plain([this](const Request&) { return Answer{response("200 OK", content)}; });
  run(plain.url());
  EXPECT_EQ(plain.requests().size(), 2u);
  expect_opens();
}

TEST_F(Fetch, AsksNoMoreThanItNeedsWhenAllIsThere) {
  write(part(), content);
  run(good.url());
  expect_opens();
}

TEST_F(Fetch, ThrowsAwayTheWrongFile) {
  FileServer other([this](const Request& r) {
    std::string changed = content;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    return Answer{serve_file(changed, r)};
  });
  expect_failure(other.url(), "SHA-256 should be " + tiny.sha256 + ", found");
  EXPECT_THAT(cache_content(), IsEmpty());
  write(part(), std::string(1000, 'x'));  // the beginning of something else
  expect_failure(good.url(), "is not the right file");
  EXPECT_THAT(cache_content(), IsEmpty());
  run(good.url());
  expect_opens();
}

TEST_F(Fetch, ServerWithoutTheFile) {
  FileServer empty([](const Request&) { return Answer{response("404 Not Found", "<html>no")}; });
  expect_failure(empty.url(), "(status 404); if you have the file already: impasto models import");
  EXPECT_THAT(cache_content(), IsEmpty());
  write(part(), content.substr(0, 1000));
  expect_failure(empty.url(), "status 404");
  EXPECT_EQ(read(part()).size(), 1000u);
}

TEST_F(Fetch, NoNetwork) {
  const std::string url = unreachable_url();
  expect_failure(url, "could not reach " + url + "/tiny.pth: ");
  expect_failure(url, "impasto models import FILE --name tiny");
  expect_failure("http://no-such-host.invalid", "could not reach http://no-such-host.invalid");
  expect_failure("gopher://127.0.0.1", "could not reach gopher://");
  EXPECT_THAT(cache_content(), IsEmpty());
}

TEST_F(Fetch, WebPageInstead) {
  FileServer by_type([](const Request&) {
    return Answer{response("200 OK", "Please log in", "Content-Type: text/html\r\n")};
  });
  FileServer by_content(
      [](const Request&) { return Answer{response("200 OK", "<!DOCTYPE html>")}; });
  expect_failure(by_type.url(), "a web page came instead of the file");
  expect_failure(by_content.url(), "a web page came instead of the file");
  EXPECT_THAT(cache_content(), IsEmpty());
  write(part(), content.substr(0, 1000));
  expect_failure(by_type.url(), "a web page came");
  EXPECT_TRUE(read(part()) == content.substr(0, 1000));
}

TEST_F(Fetch, NoMoreThanTheLimit) {
  tiny.max_bytes = 2000;
  expect_failure(good.url(), "larger than");
  FileServer endless([](const Request&) {  // says no length
    return Answer{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(100000, 'x')};
  });
  expect_failure(endless.url(), "larger than");
  EXPECT_THAT(cache_content(), IsEmpty());
}

TEST_F(Fetch, RedirectsToHttpsOnly) {
  FileServer redirecting([this](const Request&) {
    return Answer{response("302 Found", "", "Location: " + good.url() + "/tiny.pth\r\n")};
  });
  expect_failure(redirecting.url(), "could not reach");
  EXPECT_EQ(good.requests().size(), 0u);
  EXPECT_THAT(cache_content(), IsEmpty());
}

TEST_F(Fetch, StopsWhenAskedAndKeepsWhatCame) {
  FileServer hanging([this](const Request&) {
    return Answer{response("200 OK", content).substr(0, 3000), true};
  });
  std::thread later([this] {
    while (!std::filesystem::exists(part()) || std::filesystem::file_size(part()) == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    progress.cancel = true;
  });
  expect_error(ErrorCode::network,
               "fetching tiny was stopped; 0.0 MB are kept in " + in_cache("tiny.pth."),
               [&] { fetch(tiny, hanging.url(), progress); });
  later.join();
  progress.cancel = false;
  EXPECT_TRUE(content.starts_with(read(part())));
  run(good.url());
  expect_opens();
}

TEST_F(Fetch, StoppedBeforeAnythingCame) {
  FileServer silent([](const Request&) { return Answer{"", true}; });
  progress.cancel = true;
  expect_failure(silent.url(), "fetching tiny was stopped");
  EXPECT_THAT(cache_content(), IsEmpty());
}

TEST_F(Fetch, OneAtATime) {
  write(part(), "");
  const PartFile other(path("impasto"), "tiny.pth");
  expect_error(ErrorCode::output, "is being downloaded by another program",
               [&] { run(good.url()); });
}

// Whoever may write into the cache must not choose where a download goes, nor what it begins with.
TEST_F(Fetch, FollowsNoLinks) {
  const std::string victim = path("victim"), trap = in_cache("tiny.pth.part");
  write(victim, "precious");
  std::filesystem::create_directories(path("impasto"));
  std::filesystem::create_symlink(victim, trap);
  std::filesystem::create_hard_link(victim, in_cache("tiny.pth.b.part"));
  run(good.url());
  EXPECT_EQ(read(victim), "precious");
  EXPECT_TRUE(std::filesystem::is_symlink(trap));
  EXPECT_EQ(good.requests().at(0).begin.value_or(0), 0u);
}

TEST_F(Fetch, NamesOfPartsCannotBeGuessed) {
  std::filesystem::create_directories(path("impasto"));
  std::set<std::string> names;
  for (int i = 0; i < 3; ++i) {
    PartFile file(path("impasto"), "tiny.pth");
    EXPECT_TRUE(names.insert(file.path()).second);
    file.remove();
  }
}

TEST_F(Fetch, NowhereToWrite) {
  write(path("impasto"), "a file where the folder should be");
  expect_error(ErrorCode::output, path("impasto") + ": cannot be created",
               [&] { run(good.url()); });
}

TEST_F(Fetch, RightFileOfTheWrongKind) {
  const std::string text = "no weights";
  tiny.sha256 = sha256_hex(std::as_bytes(std::span(text)));
  FileServer server([&](const Request& r) { return Answer{serve_file(text, r)}; });
  expect_error(ErrorCode::input, "is not a weights file", [&] { run(server.url()); });
}

TEST_F(Fetch, ByName) {
  setenv("IMPASTO_MODELS_URL", (good.url() + "/").c_str(), 1);
  expect_error(ErrorCode::network, "is not the right file",
               [&] { fetch_model("vgg19", progress); });
  ASSERT_EQ(good.requests().size(), 1u);
  EXPECT_EQ(good.requests()[0].path, "/vgg19-dcbb9e9d.pth");
}

}  // namespace
}  // namespace impasto::test
