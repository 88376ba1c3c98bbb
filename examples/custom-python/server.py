"""A custom predictor with KServe's own SDK: it answers every number doubled."""

import argparse

import kserve


class Doubler(kserve.Model):
    def __init__(self, name):
        super().__init__(name)
        self.load()

    def load(self):
        self.ready = True
        return self.ready

    def predict(self, payload, headers=None):
        return {"predictions": [2 * number for number in payload["instances"]]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(parents=[kserve.model_server.parser])
    args, _ = parser.parse_known_args()
    kserve.ModelServer(enable_grpc=False).start([Doubler("doubler")])
