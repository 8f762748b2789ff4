{
  "targets": [
    {
      "target_name": "autofocus",
      "sources": [
        "native/bindings/exports.cc",
        "native/bindings/arguments.cc",
        "<!@(ls -1 native/kernels/*.cc native/kernels/*/*.cc)",
        "<!@(ls -1 native/bindings/bind_*.cc)"
      ],
      "include_dirs": ["native"],
      "cflags": ["-isystem", "<!(node -p \"require('path').resolve(require('node-addon-api').include_dir)\")"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20", "-fno-rtti"],
      "cflags_cc": ["-std=c++17", "-fexceptions", "-O3", "-fno-math-errno", "-fno-trapping-math", "-Wall", "-Wextra", "-Werror"],
      "conditions": [
        ["OS=='mac'", {
          "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
          "xcode_settings": {
            "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
            "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
            "GCC_OPTIMIZATION_LEVEL": "3",
            "MACOSX_DEPLOYMENT_TARGET": "11.0",
            "WARNING_CFLAGS": ["-Wall", "-Wextra"]
          }
        }]
      ]
    }
  ]
}
